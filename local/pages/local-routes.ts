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

/** Addresses and ids of everything in the cloud, for tools: the answer to `GET /local`. */
export interface Directory {
  /** The portal's first page. */
  readonly portal: string;
  /** The page that shows the portal beside a phone with the SMS. */
  readonly demo: string;
  /** Base address of the API, with its stage: `http://localhost:3000/v1`. */
  readonly api: string;
  /** The API's reference page. */
  readonly reference: string;
  /** The page that shows every SMS. */
  readonly inbox: string;
  /** Shows the cloud's clock, and moves it on POST. */
  readonly clock: string;
  /** The newest security events, as JSON. */
  readonly events: string;
  /** The review numbers of app stores, which get no SMS, with their codes, as JSON. */
  readonly reviewNumbers: string;
  /** Address of DynamoDB Local. */
  readonly dynamodb: string;
  /** Address of the local Cognito. */
  readonly cognito: string;
  /** Table names by the construct's id. */
  readonly tables: Record<string, string>;
  readonly userPoolId: string;
  readonly clientId: string;
  /** Where relying services get their tokens. */
  readonly tokenEndpoint: string;
  /** Credentials of the relying services. They are valid in this cloud only. */
  readonly serviceClients: readonly ServiceClient[];
  /** The `iss` of the user pool's tokens. It has AWS's host, where this cloud's keys are not. */
  readonly issuer: string;
  /** Address of the public keys that verify the user pool's tokens. */
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

/** Answers everything but the API: portal, inbox, clock, directory, reference and problem pages. */
export function createLocalRoutes(routes: LocalRoutes) {
  const { inbox, portal, clock, buses, reviewCodes, directory } = routes;
  const answerClock = createClockRoutes(clock);
  const answerReference = createReferenceRoutes();
  const answerProblem = createProblemRoutes();
  return (request: IncomingMessage, response: ServerResponse): void => {
    const path = request.url?.split('?', 1)[0];
    if (answerClock(request, response)) return;
    if (!['GET', 'HEAD'].includes(request.method ?? ''))
      sendJson(response, 405, { message: 'Use GET' });
    else if (inbox.handle(request, response) || answerReference(request, response)) return;
    else if (answerProblem(request, response)) return;
    else if (path === '/local') sendJson(response, 200, directory);
    else if (path === '/local/events') sendJson(response, 200, { events: buses.events });
    else if (path === '/local/review-numbers')
      sendJson(response, 200, { reviewNumbers: reviewCodes() });
    else if (path === '/local/demo') sendPage(response, demo);
    else if (path === '/local/start') sendPage(response, welcome(directory));
    else if (!portal.handle(request, response))
      sendJson(response, 404, { message: `Not found. The API is at ${directory.api}` });
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
<p>The whole system runs on this machine. Its data stays here.</p>
<dl>
  <dt>Portal</dt><dd><a href="${portal}">${portal}</a>, and
    <a href="${demo}">beside a phone that gets the SMS</a></dd>
  <dt>API</dt><dd><code>${api}</code> (<a href="${reference}">reference</a>, <a href="${api}/health">health</a>)</dd>
  <dt>Inbox</dt><dd><a href="${inbox}">every SMS that Hawiya sends</a></dd>
  <dt>For tools, as JSON</dt><dd><a href="/local">all addresses and ids</a>,
    <a href="/local/sms">SMS</a>, <a href="/local/events">security events</a>,
    <a href="/local/clock">clock</a></dd>
</dl>
</html>
`;
}
