import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An SMS aggregator on this machine. It answers 200 and `{}` until a test sets another answer. */
export async function startSmsProvider() {
  const received: Received[] = [];
  const held = new Set<ServerResponse>();
  let respond: (response: ServerResponse) => void = (response) => answer(response, 200, '{}');

  const server = createServer(async (request, response) => {
    const body = await text(request);
    received.push({ path: request.url ?? '', headers: request.headers, body });
    respond(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sms`,
    received,
    answers(status: number, body = '{}', headers: Record<string, string> = {}): void {
      respond = (response) => answer(response, status, body, headers);
    },
    /** Takes the request and never answers. */
    hangs(): void {
      respond = (response) => void held.add(response);
    },
    /** Sends the head of an answer and never its body. */
    stalls(): void {
      respond = (response) => response.writeHead(200).write('{');
    },
    severs(): void {
      respond = (response) => response.destroy();
    },
    async stop(): Promise<void> {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answer(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
}
