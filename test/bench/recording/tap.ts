import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { routes } from '#core/model/routes.ts';
import { proxyEvent } from '../../../local/gateway/gateway-event.ts';

/** A request as the gateway hands it to a function. */
export interface Tapped {
  readonly functionName: string;
  readonly event: unknown;
}

/**
 * Stands between the edge and the gateway, and keeps the event that the gateway makes of the newest request.
 * @param api base address of the local cloud
 * @param now the cloud's clock, epoch milliseconds
 */
export async function openTap(api: string, now: () => number) {
  let newest: Tapped | undefined;
  const server = createServer(async (incoming, outgoing) => {
    const body = await text(incoming);
    newest = tapped(incoming, body, now());
    const { method, url, headers } = incoming;
    const onward = request(`${api}${url}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    onward.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    newest(): Tapped {
      if (newest) return newest;
      throw new Error('No request has passed');
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function tapped(incoming: IncomingMessage, body: string, at: number): Tapped {
  const path = (incoming.url ?? '/').split('?', 1)[0]?.replace(/^\/v1/, '') ?? '/';
  const { route, pathParameters } = routeOf(incoming.method ?? '', path);
  const event = proxyEvent({
    request: incoming,
    requestId: '2f1d2b7e-0000-4000-8000-000000000001',
    apiId: 'bench',
    stage: 'v1',
    path,
    resourcePath: route.path,
    pathParameters,
    claims: route.token && claimsOf(incoming.headers.authorization ?? ''),
    body,
    at,
  });
  return { functionName: route.flow, event };
}

/** Fixed paths come before paths with a parameter that would match too, as in API Gateway. */
const byParameters = routes.toSorted((a, b) => a.path.split('{').length - b.path.split('{').length);

function routeOf(method: string, path: string) {
  for (const route of byParameters) {
    const pattern = route.path.replaceAll('.', '\\.').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
    const match = route.method === method && new RegExp(`^${pattern}$`).exec(path);
    if (match) return { route, pathParameters: { ...match.groups } };
  }
  throw new Error(`There is no route for ${method} ${path}`);
}

/** API Gateway hands every claim over as text. */
function claimsOf(authorization: string): Record<string, string> {
  const [, payload = ''] = authorization.replace('Bearer ', '').split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<
    string,
    unknown
  >;
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, String(value)]));
}
