import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import {
  type PublicConfig,
  portalCaching,
  portalConfig,
  portalHeaders,
} from '../../lib/portal/portal-files.ts';
import { changePassword, notFoundFile, pageFiles } from '../../portal/paths.ts';
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

/** Serves the portal at the root, as its host in the cloud does. */
export function createPortalRoutes(config: PublicConfig) {
  const configFile = Buffer.from(portalConfig(config));
  let files: Promise<PortalFiles> | undefined;

  /**
   * Builds the portal at the first request, and again if a page is loaded after a source change.
   */
  async function fresh(isPage: boolean): Promise<PortalFiles> {
    if (files && isPage && (await isStale())) files = undefined;
    files ??= builtPortal();
    return files;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request);
    const page = pageFiles.get(path);
    const found = await fresh(page !== undefined || isForReading(request));
    const file = path === '/config.json' ? configFile : found.get(path);
    if (page) send(request, response, 200, page, found.get(page));
    else if (file && !path.endsWith('.html')) send(request, response, 200, path, file);
    else send(request, response, 404, `/${notFoundFile}`, found.get(`/${notFoundFile}`));
  }

  return {
    /**
     * Answers requests for the portal's pages and files. A browser that asks for an unknown page
     * gets the portal's 404.
     * @returns false for any other request
     */
    handle(request: IncomingMessage, response: ServerResponse): boolean {
      const path = pathOf(request);
      if (path === changePassword.from) {
        response.writeHead(302, { location: changePassword.to, 'cache-control': 'no-cache' }).end();
        return true;
      }
      const isFile = /^\/(assets\/[^/]+|[\w-]+\.(js|svg|json))$/.test(path);
      if (!pageFiles.has(path) && !isFile && !isForReading(request)) return false;
      answer(request, response).catch((error) => {
        files = undefined;
        sendJson(response, 500, { message: String(error.stderr || error) });
      });
      return true;
    },
    /**
     * Resolves when the portal is built.
     * @throws Error with the build's output
     */
    async ready(): Promise<void> {
      await fresh(true);
    },
  };
}

/** The path without a slash at the end. */
const pathOf = ({ url = '/' }: IncomingMessage): string =>
  (url.split('?', 1)[0] ?? '/').replace(/(.)\/+$/, '$1');

/** Whether a browser asks for a page. A tool with a wrong address gets no page. */
const isForReading = ({ headers }: IncomingMessage): boolean =>
  (headers.accept ?? '').includes('text/html');

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  path: string,
  file: Buffer | undefined,
): void {
  const encoding = file && encodingFor(request, path, file);
  response.writeHead(status, {
    ...portalHeaders(isFramed(request) ? "'self'" : "'none'"),
    'cache-control': portalCaching(path),
    'content-type': types[extname(path)] ?? 'application/octet-stream',
    vary: 'Accept-Encoding, Sec-Fetch-Dest',
    ...(encoding && { 'content-encoding': encoding }),
  });
  response.end(encoding ? compressed(file, encoding) : file);
}

type Encoding = 'br' | 'gzip';

/**
 * The host in the cloud compresses the same files, so that pages have the same size here. CloudFront prefers Brotli, and
 * leaves files of less than 1,000 bytes and fonts as they are.
 */
function encodingFor(request: IncomingMessage, path: string, file: Buffer): Encoding | undefined {
  if (path.endsWith('.woff2') || file.length < 1_000) return undefined;
  const accepted = String(request.headers['accept-encoding'] ?? '').split(/\s*,\s*/);
  return (['br', 'gzip'] as const).find((encoding) => accepted.includes(encoding));
}

const kept = new WeakMap<Buffer, Map<Encoding, Buffer>>();

/** The compressed file. It is compressed once for each build and encoding. */
function compressed(file: Buffer, encoding: Encoding): Buffer {
  const known = kept.get(file) ?? new Map<Encoding, Buffer>();
  kept.set(file, known);
  const found = known.get(encoding) ?? compress[encoding](file);
  known.set(encoding, found);
  return found;
}

/** CloudFront does not say how hard it compresses. 5 is the usual level for Brotli on the fly. */
const compress = {
  br: (file: Buffer) =>
    brotliCompressSync(file, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (file: Buffer) => gzipSync(file),
};

/**
 * Whether the portal is loaded into a frame, as by /local/demo. A framed portal allows frames of
 * the same origin; otherwise it forbids frames, as in the cloud.
 */
const isFramed = ({ headers }: IncomingMessage): boolean => headers['sec-fetch-dest'] === 'iframe';
