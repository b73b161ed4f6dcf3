import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { countries, readPhone } from '#core/values/phone.ts';
import { sendJson, sendPage } from './local-answers.ts';

/** An SMS that a function gave to its provider. */
export interface Sms {
  /** E.164. */
  readonly phone: string;
  readonly body: string;
  /** The sender's name on the phone. */
  readonly senderId?: string | undefined;
}

/** An SMS in the inbox. `at` is an ISO 8601 instant. */
export interface InboxMessage {
  readonly id: string;
  readonly phone: string;
  readonly body: string;
  readonly at: string;
}

export type Inbox = ReturnType<typeof createInbox>;

/** The inbox drops older messages, so that a load test does not fill the memory. */
const KEPT_MESSAGES = 10_000;

const page = readFileSync(new URL('sms-inbox.html', import.meta.url), 'utf8');

/**
 * Creates the inbox that gets every SMS of the local cloud.
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

  /** The messages of one phone, or of all phones, oldest first. */
  const messages = (phone?: string): InboxMessage[] =>
    kept.filter((message) => phone === undefined || message.phone === phone);

  /**
   * Answers `GET /local/sms` and `GET /local/inbox`.
   * @returns false for any other path
   */
  const handle = (request: IncomingMessage, response: ServerResponse): boolean => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/local/sms') sendJson(response, 200, messages(phoneIn(searchParams)));
    else if (pathname === '/local/inbox') sendPage(response, page);
    else return false;
    return true;
  };

  return { deliver, messages, handle };
}

/** Reads the phone as the API does. A `+` that was not percent-encoded arrives as a space. */
function phoneIn(query: URLSearchParams): string | undefined {
  const typed = query.get('phone')?.replace(/^ /, '+');
  if (typed === undefined) return undefined;
  const read = readPhone(typed, countries);
  return read.kind === 'phone' ? read.phone : typed;
}
