import { randomInt } from 'node:crypto';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { WireRequest } from './request.ts';

/** An answer before it is parsed. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly milliseconds: number;
}

class Idle extends Error {}

/** The address of a new caller. */
export const someAddress = () => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;

/**
 * Sends requests unchanged: `fetch` would normalise paths and refuse to send some requests.
 * @param base address of the stage
 * @param limit milliseconds after which a request is aborted
 */
export function wireClient(base: string, { parallel, limit }: { parallel: number; limit: number }) {
  const agent = new Agent({ keepAlive: true, maxSockets: parallel });
  const { hostname, port, pathname } = new URL(base);

  async function send(wanted: WireRequest): Promise<WireAnswer> {
    const { method, path, headers, body } = wanted;
    const startedAt = performance.now();
    const answer = Promise.withResolvers<IncomingMessage>();
    const sent = request(
      {
        agent,
        hostname,
        port,
        method,
        path: `${pathname}${path}`,
        headers: { ...headers, ...(body && { 'content-length': body.length }) },
        signal: AbortSignal.timeout(limit),
      },
      answer.resolve,
    );
    sent.on('error', (error: NodeJS.ErrnoException) => {
      // The server closed an idle connection just as it was reused: the request never arrived.
      const wasIdle = sent.reusedSocket && error.code === 'ECONNRESET';
      answer.reject(wasIdle ? new Idle() : error);
    });
    sent.end(body);
    const received = await answer.promise.catch((error) => {
      if (error instanceof Idle) return undefined;
      throw error;
    });
    if (!received) return send(wanted);
    const read = await text(received);
    return {
      status: received.statusCode ?? 0,
      headers: headersOf(received),
      text: read,
      milliseconds: performance.now() - startedAt,
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
