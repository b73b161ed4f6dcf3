import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { forwardedCookies, forwardedHeaders, secretHeader } from '../../lib/portal/api-behavior.ts';

/** Where the API sees every call come from that goes through the edge. */
const edgeAddress = '130.176.1.1';

/** The edge as a test can change it on the way. */
export interface Edge {
  readonly url: string;
  /** What it shows the functions. */
  secret: string;
  close(): void;
}

/**
 * CloudFront before the API, with the behaviour of `lib/portal/api-behavior.ts`: it passes on the headers and cookies listed
 * there and `Authorization`, and says who the viewer is, which is whoever the call's `x-forwarded-for` names.
 * @param api where the local cloud answers
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
    // To the local cloud, this is the peer.
    'x-forwarded-for': edgeAddress,
  };
}
