import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Reply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are JSON of every shape
  readonly body: any;
}

export type Send = (method: string, path: string, sent?: Sent) => Promise<Reply>;

interface Sent {
  readonly body?: unknown;
  readonly token?: string;
}

/** A client that keeps its connections. Node's `fetch` uses three times the CPU of a request. */
export function openClient(base: string): { send: Send; close(): void } {
  const agent = new Agent({ keepAlive: true });
  let calls = 0;
  const send: Send = (method, path, { body, token } = {}) =>
    new Promise((resolve, reject) => {
      const payload = body === undefined ? '' : JSON.stringify(body);
      calls += 1;
      const outgoing = request(
        base + path,
        {
          method,
          agent,
          headers: {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(payload),
            // Everybody has an address: no call uses up another's budget.
            'x-forwarded-for': `10.${(calls >> 16) & 255}.${(calls >> 8) & 255}.${calls & 255}`,
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
          },
        },
        (answer) => {
          text(answer).then((said) => {
            resolve({ status: answer.statusCode ?? 0, body: said && JSON.parse(said) });
          }, reject);
        },
      );
      outgoing.on('error', reject);
      outgoing.end(payload);
    });
  return { send, close: () => agent.destroy() };
}
