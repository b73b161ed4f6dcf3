import { randomInt } from 'node:crypto';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { WireRequest } from './request.ts';

/** What came back, before anybody read it. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly milliseconds: number;
}

/** A caller whom nobody has seen. */
export const someAddress = () => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;

/**
 * Sends requests as they are: `fetch` would tidy paths up and refuse to send some of them.
 * @param base address of the stage
 * @param limit milliseconds after which an answer is given up
 */
export function wireClient(base: string, { parallel, limit }: { parallel: number; limit: number }) {
  const agent = new Agent({ keepAlive: true, maxSockets: parallel });
  const { hostname, port, pathname } = new URL(base);

  async function send({ method, path, headers, body }: WireRequest): Promise<WireAnswer> {
    const startedAt = performance.now();
    const answer = Promise.withResolvers<IncomingMessage>();
    const sent = request(
      {
        ...{ agent, hostname, port, method },
        path: `${pathname}${path}`,
        headers: { ...headers, ...(body && { 'content-length': body.length }) },
        signal: AbortSignal.timeout(limit),
      },
      answer.resolve,
    );
    sent.on('error', answer.reject);
    sent.end(body);
    const received = await answer.promise;
    const read = await text(received);
    return {
      status: received.statusCode ?? 0,
      headers: headersOf(received),
      ...{ text: read, milliseconds: performance.now() - startedAt },
    };
  }

  return { send, close: () => agent.destroy() };
}

function headersOf({ headersDistinct }: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return headers;
}
