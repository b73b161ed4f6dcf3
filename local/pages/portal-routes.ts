import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { StageConfig } from '../../lib/config/stage-config.ts';
import { portalCaching, portalConfig, portalHeaders } from '../../lib/portal/portal-files.ts';
import { paths } from '../../portal/paths.ts';
import { sendJson } from './local-answers.ts';
import { builtPortal, isStale, type PortalFiles } from './portal-build.ts';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

const pages: ReadonlySet<string> = new Set(Object.values(paths));

/** The portal as its host serves it, at the root. */
export function createPortalRoutes(config: Pick<StageConfig, 'contact'>) {
  const configFile = Buffer.from(portalConfig(config));
  let files: Promise<PortalFiles> | undefined;

  /** Built when it is first asked for, and again when a page is loaded after its sources have changed. */
  async function fresh(isPage: boolean): Promise<PortalFiles> {
    if (files && isPage && (await isStale())) files = undefined;
    files ??= builtPortal();
    return files;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request);
    const isPage = pages.has(path);
    const found = await fresh(isPage || isForReading(request));
    const file = path === '/config.json' ? configFile : found.get(path);
    if (file && path !== '/index.html') send(request, response, 200, path, file);
    else send(request, response, isPage ? 200 : 404, '/index.html', found.get('/index.html'));
  }

  return {
    /** Answers a page, a file of the portal, or whoever looks for a page that is not there; false for all else. */
    handle(request: IncomingMessage, response: ServerResponse): boolean {
      const path = pathOf(request);
      const isFile = /^\/(assets\/[^/]+|[\w-]+\.(js|svg|json))$/.test(path);
      if (!pages.has(path) && !isFile && !isForReading(request)) return false;
      answer(request, response).catch((error) => {
        files = undefined;
        sendJson(response, 500, { message: String(error.stderr || error) });
      });
      return true;
    },
    /** Resolves when it is built. @throws Error with what the build said */
    async ready(): Promise<void> {
      await fresh(true);
    },
  };
}

/** A slash at the end is nobody's mistake. */
const pathOf = ({ url = '/' }: IncomingMessage): string =>
  (url.split('?', 1)[0] ?? '/').replace(/(.)\/+$/, '$1');

/** A browser that wants a page, and not a tool that mistyped an address. */
const isForReading = ({ headers }: IncomingMessage): boolean =>
  (headers.accept ?? '').includes('text/html');

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  path: string,
  file: Buffer | undefined,
): void {
  const zipped =
    file && isText(path) && (request.headers['accept-encoding'] ?? '').includes('gzip');
  response.writeHead(status, {
    ...portalHeaders(isFramed(request) ? "'self'" : "'none'"),
    'cache-control': portalCaching(path),
    'content-type': types[extname(path)] ?? 'application/octet-stream',
    vary: 'Accept-Encoding, Sec-Fetch-Dest',
    ...(zipped && { 'content-encoding': 'gzip' }),
  });
  response.end(zipped ? gzipSync(file) : file);
}

/** What the host in the cloud compresses as well: what a page weighs is then the same here. */
const isText = (path: string): boolean => !path.endsWith('.woff2');

/** A page of this server may show the portal in a frame, as /local/demo does. Outside of frames it says nobody may. */
const isFramed = ({ headers }: IncomingMessage): boolean => headers['sec-fetch-dest'] === 'iframe';
