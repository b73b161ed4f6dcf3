import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { type HttpClient, openHttpClient } from '../../../local/http-client.ts';

/** Runs with a client and the URL of a server. */
async function withServer(
  answer: RequestListener,
  run: (client: HttpClient, url: string) => Promise<void>,
): Promise<void> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = openHttpClient();
  try {
    await run(client, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    client.close();
    server.close();
    server.closeAllConnections();
  }
}

it('a call on a kept connection that the server has closed goes out on another one', async () => {
  const requestsOf = new WeakMap<object, number>();
  const drop: RequestListener = ({ socket }, response) => {
    const earlier = requestsOf.get(socket) ?? 0;
    requestsOf.set(socket, earlier + 1);
    // As an idle server does: the connection is gone when the next request comes in.
    if (earlier > 0) socket.resetAndDestroy();
    else response.end('answer');
  };
  await withServer(drop, async (client, url) => {
    for (let n = 0; n < 3; n++) {
      const { status, body } = await client.post(url, {}, '{}');
      expect([status, body.toString()]).toEqual([200, 'answer']);
    }
  });
});

it('a fresh connection that the server closes is an error: the request may have been read', async () => {
  let requests = 0;
  const drop: RequestListener = ({ socket }) => {
    requests += 1;
    socket.resetAndDestroy();
  };
  await withServer(drop, async (client, url) => {
    await expect(client.post(url, {}, '{}')).rejects.toThrow();
  });
  expect(requests).toBe(1);
});
