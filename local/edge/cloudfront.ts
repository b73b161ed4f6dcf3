import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  cachedBy,
  cachedPaths,
  forwardedCookies,
  forwardedHeaders,
  secretHeader,
} from '../../lib/portal/api-behavior.ts';

/** The edge's own address: the API's peer for every call that goes through the edge. */
const edgeAddress = '130.176.1.1';

/** A running edge. Tests may change its secret. */
export interface Edge {
  readonly url: string;
  /** The secret with which the edge proves itself to the functions. */
  secret: string;
  close(): void;
}

/** An answer in the cache. */
interface Kept {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Epoch milliseconds. */
  readonly from: number;
  readonly until: number;
}

/**
 * Emulates CloudFront in front of the API, with the behaviours of `lib/portal/api-behavior.ts`. It keeps the answers of
 * `cachedPaths`, asks for them without cookie and token, and passes on only what is listed there for all other calls. It
 * reports the address in the call's `x-forwarded-for` as the viewer.
 * @param api base address of the local cloud
 * @param now the cloud's clock, epoch milliseconds
 */
export async function openEdge(api: string, secret: string, now: () => number): Promise<Edge> {
  const cache = new Map<string, Kept>();

  const cached = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const language = incoming.headers[cachedBy];
    const key = JSON.stringify([incoming.method, pathOf(incoming), language]);
    const found = cache.get(key);
    const fresh = found && now() < found.until;
    const kept = fresh ? found : await ask(incoming, language);
    if (kept.until > now()) cache.set(key, kept);
    const age = fresh ? { age: String(Math.floor((now() - kept.from) / 1000)) } : {};
    outgoing.writeHead(kept.status, { ...kept.headers, ...age }).end(kept.body);
  };

  const ask = async (incoming: IncomingMessage, language: string | string[] | undefined) => {
    // The query is not in the key, so CloudFront does not pass it on.
    const { method } = incoming;
    const headers = { ...ownHeaders(edge.secret), ...(language && { [cachedBy]: language }) };
    const onward = request(`${api}${pathOf(incoming)}`, { method, headers });
    incoming.pipe(onward);
    const [answer] = (await once(onward, 'response')) as [IncomingMessage];
    const body = Buffer.concat(await answer.toArray());
    const { 'transfer-encoding': _, ...own } = answer.headers;
    const from = now();
    const until = from + 1000 * secondsFor(answer.headers['cache-control']);
    return { status: answer.statusCode ?? 502, headers: own, body, from, until };
  };

  const server = createServer((incoming, outgoing: ServerResponse) => {
    const { method, url } = incoming;
    if (['GET', 'HEAD'].includes(method ?? '') && cachedPaths.includes(pathOf(incoming))) {
      cached(incoming, outgoing).catch(() => outgoing.destroy());
      return;
    }
    // A cached path gets the key's headers only, in a preflight too.
    const headers = cachedPaths.includes(pathOf(incoming))
      ? ownHeaders(edge.secret)
      : passedOn(incoming.headers, edge.secret);
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
    ...ownHeaders(secret),
  };
}

const ownHeaders = (secret: string) => ({
  [secretHeader]: secret,
  // The local cloud takes this address for the peer.
  'x-forwarded-for': edgeAddress,
});

const pathOf = ({ url }: IncomingMessage): string => url?.split('?', 1)[0] ?? '/';

/** Seconds that a shared cache may keep an answer: 0 unless the answer says so itself. */
const secondsFor = (cacheControl = ''): number =>
  Number(/(?:^|[\s,])s-maxage=(\d+)/.exec(cacheControl)?.[1] ?? 0);
