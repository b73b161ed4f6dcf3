import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/** A file that the host serves beside the API. */
export interface Served {
  readonly type: string;
  readonly body: string;
}

/**
 * The portal's host on one machine: its own files, and the API under `/v1`. Browsers need both on
 * one origin, because there is no CORS.
 * @param api address of the local cloud: `http://localhost:3000`
 * @param files by path, `/` being the page
 * @param before is awaited before a call (`METHOD /path`) goes on to the API
 */
export async function openPortal(
  api: string,
  files: Readonly<Record<string, Served>>,
  before: (call: string) => Promise<unknown> | undefined = () => undefined,
) {
  const calls: string[] = [];
  const underway = new Map<string, number>();
  const atOnce = new Map<string, number>();

  function count(call: string, outgoing: ServerResponse): void {
    calls.push(call);
    const now = (underway.get(call) ?? 0) + 1;
    underway.set(call, now);
    atOnce.set(call, Math.max(now, atOnce.get(call) ?? 0));
    outgoing.once('close', () => underway.set(call, (underway.get(call) ?? 1) - 1));
  }

  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '/';
    if (path.startsWith('/v1/')) {
      const call = `${incoming.method} ${path.slice(3)}`;
      count(call, outgoing);
      void Promise.resolve(before(call)).then(() => pass(api, incoming, outgoing));
      return;
    }
    const file = files[path];
    outgoing.writeHead(file ? 200 : 404, { 'content-type': file?.type ?? 'text/plain' });
    outgoing.end(file?.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return {
    url: `http://localhost:${port}`,
    /** `METHOD /path` of each call of the API, in order. */
    calls,
    /** By the same name: the largest number of calls in flight together. */
    atOnce,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/**
 * Passes a call on byte for byte, with its headers: the API reads `Origin`, cookies and
 * `Sec-Fetch-Site`.
 */
function pass(api: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, headers, url } = incoming;
  const onward = request(`${api}${url}`, { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}
