import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson, sendPage } from './local-answers.ts';

/** An SMS as it left for the provider. */
export interface Sms {
  /** E.164. */
  readonly phone: string;
  readonly body: string;
  /** The name the message comes from. */
  readonly senderId?: string | undefined;
}

/** An SMS as the inbox shows it; `at` is an ISO instant. */
export interface InboxMessage {
  readonly id: string;
  readonly phone: string;
  readonly body: string;
  readonly at: string;
}

export type Inbox = ReturnType<typeof createInbox>;

/** A load test must not eat the machine's memory: beyond this the oldest messages go. */
const KEPT_MESSAGES = 10_000;

const page = readFileSync(new URL('sms-inbox.html', import.meta.url), 'utf8');

/**
 * The phones of the local cloud: every SMS lands here.
 * @param options.now epoch milliseconds
 */
export function createInbox({ now }: { now: () => number }) {
  const kept: InboxMessage[] = [];
  let delivered = 0;

  const deliver = ({ phone, body }: Sms): void => {
    delivered += 1;
    kept.push({ id: String(delivered), phone, body, at: new Date(now()).toISOString() });
    if (kept.length > KEPT_MESSAGES) kept.shift();
  };

  /** Oldest first; without a phone, everybody's. */
  const messages = (phone?: string): InboxMessage[] =>
    kept.filter((message) => phone === undefined || message.phone === phone);

  /** Answers `GET /local/sms` and `GET /local/inbox`; false when the request is for neither. */
  const handle = (request: IncomingMessage, response: ServerResponse): boolean => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/local/sms') sendJson(response, 200, messages(phoneIn(searchParams)));
    else if (pathname === '/local/inbox') sendPage(response, page);
    else return false;
    return true;
  };

  return { deliver, messages, handle };
}

/** A `+` that was not encoded arrives as a space: what was meant is clear. */
function phoneIn(query: URLSearchParams): string | undefined {
  return query.get('phone')?.replace(/^ /, '+');
}
