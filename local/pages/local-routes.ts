import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CodeOfReviewNumber } from '../../tools/review-codes/review-codes.ts';
import type { LocalClock } from '../clock.ts';
import type { ServiceClient } from '../cognito/pools.ts';
import type { EventBuses } from '../events/event-buses.ts';
import { createClockRoutes } from './clock-routes.ts';
import { sendJson, sendPage } from './local-answers.ts';
import type { createPortalRoutes } from './portal-routes.ts';
import { createProblemRoutes } from './problem-routes.ts';
import { createReferenceRoutes } from './reference-routes.ts';
import type { Inbox } from './sms-inbox.ts';

/** Where everything is, for tools: `GET /local` answers it. */
export interface Directory {
  /** The portal's first page. */
  readonly portal: string;
  /** The portal beside a phone that gets the SMS. */
  readonly demo: string;
  /** Base address of the API with its stage: `http://localhost:3000/v1`. */
  readonly api: string;
  /** The page about the API. */
  readonly reference: string;
  /** The inbox page. */
  readonly inbox: string;
  /** Tells the time, and moves it. */
  readonly clock: string;
  /** The newest events that went out, as JSON. */
  readonly events: string;
  /** Numbers for the stores' reviewers, which get no SMS, and their codes, as JSON. */
  readonly reviewNumbers: string;
  /** Address of DynamoDB Local. */
  readonly dynamodb: string;
  /** Address of cognito-local. */
  readonly cognito: string;
  /** Names by the construct's id. */
  readonly tables: Record<string, string>;
  readonly userPoolId: string;
  readonly clientId: string;
  /** Where the relying services get their tokens. */
  readonly tokenEndpoint: string;
  /** Their credentials, by name; worth nothing anywhere else. */
  readonly serviceClients: readonly ServiceClient[];
  /** The `iss` of its tokens: an address of AWS's, where nothing of this cloud is. */
  readonly issuer: string;
  /** Where the keys that its tokens are signed with really are. */
  readonly jwksUri: string;
}

interface LocalRoutes {
  readonly inbox: Pick<Inbox, 'handle'>;
  readonly portal: Pick<ReturnType<typeof createPortalRoutes>, 'handle'>;
  readonly clock: LocalClock;
  readonly buses: Pick<EventBuses, 'events'>;
  readonly reviewCodes: () => CodeOfReviewNumber[];
  readonly directory: Directory;
}

const demo = readFileSync(new URL('demo.html', import.meta.url), 'utf8');

/** What a local cloud answers besides its API: the inbox, the clock, the directory, and the portal at the root. */
export function createLocalRoutes(routes: LocalRoutes) {
  const { inbox, portal, clock, buses, reviewCodes, directory } = routes;
  const answerClock = createClockRoutes(clock);
  const answerReference = createReferenceRoutes();
  const answerProblem = createProblemRoutes();
  return (request: IncomingMessage, response: ServerResponse): void => {
    const path = request.url?.split('?', 1)[0];
    if (answerClock(request, response)) return;
    if (!['GET', 'HEAD'].includes(request.method ?? ''))
      sendJson(response, 405, { message: 'Only GET works here' });
    else if (inbox.handle(request, response) || answerReference(request, response)) return;
    else if (answerProblem(request, response)) return;
    else if (path === '/local') sendJson(response, 200, directory);
    else if (path === '/local/events') sendJson(response, 200, { events: buses.events });
    else if (path === '/local/review-numbers')
      sendJson(response, 200, { reviewNumbers: reviewCodes() });
    else if (path === '/local/demo') sendPage(response, demo);
    else if (path === '/local/start') sendPage(response, welcome(directory));
    else if (!portal.handle(request, response))
      sendJson(response, 404, { message: `Nothing here: the API is at ${directory.api}` });
  };
}

function welcome({ api, portal, demo, inbox, reference }: Directory): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Hawiya, on this machine</title>
<style>
  body { font: 1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 10vh auto; padding: 0 1rem }
  dt { font-weight: 600 } dd { margin: 0 0 .8rem }
</style>
<h1>Hawiya · <span lang="ar" dir="rtl">هوية</span></h1>
<p>The whole service runs on this machine, with data that is only here.</p>
<dl>
  <dt>Portal</dt><dd><a href="${portal}">${portal}</a>, and
    <a href="${demo}">beside a phone that gets the SMS</a></dd>
  <dt>API</dt><dd><code>${api}</code> (<a href="${reference}">reference</a>, <a href="${api}/health">health</a>)</dd>
  <dt>Inbox</dt><dd><a href="${inbox}">every SMS the service sends</a></dd>
  <dt>For tools</dt><dd><a href="/local">where everything is, as JSON</a>,
    <a href="/local/sms">the messages</a> and <a href="/local/events">the security events</a>, as JSON,
    <a href="/local/clock">the clock</a></dd>
</dl>
</html>
`;
}
