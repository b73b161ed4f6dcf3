import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { forwardedCookies, forwardedHeaders, secretHeader } from '../../lib/portal/api-behavior.ts';

/** The edge's own address: the API's peer for every call that goes through the edge. */
const edgeAddress = '130.176.1.1';

/** A running edge. Tests may change its secret. */
export interface Edge {
  readonly url: string;
  /** The secret with which the edge proves itself to the functions. */
  secret: string;
  close(): void;
}

/**
 * Emulates CloudFront in front of the API, with the behaviour of `lib/portal/api-behavior.ts`. It
 * passes on `Authorization` and the headers and cookies that are listed there. It reports the
 * address in the call's `x-forwarded-for` as the viewer.
 * @param api base address of the local cloud
 */
export async function openEdge(api: string, secret: string): Promise<Edge> {
  const server = createServer((incoming, outgoing: ServerResponse) => {
    const headers = passedOn(incoming.headers, edge.secret);
    const { method, url } = incoming;
    const onward = request(`${api}${url}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const edge: Edge = {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    secret,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return edge;
}

function passedOn(headers: IncomingHttpHeaders, secret: string): Record<string, string> {
  const kept = [...forwardedHeaders, 'authorization', 'content-length'].flatMap((name) => {
    const value = headers[name.toLowerCase()];
    return value === undefined ? [] : [[name, String(value)] as const];
  });
  const cookie = (headers.cookie ?? '')
    .split('; ')
    .filter((pair) => forwardedCookies.includes(pair.split('=', 1)[0] ?? ''))
    .join('; ');
  return {
    ...Object.fromEntries(kept),
    ...(cookie && { cookie }),
    'CloudFront-Viewer-Address': `${headers['x-forwarded-for']}:46532`,
    'CloudFront-Viewer-Country': 'SA',
    [secretHeader]: secret,
    // The local cloud takes this address for the peer.
    'x-forwarded-for': edgeAddress,
  };
}
