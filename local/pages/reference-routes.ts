import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendFile, sendJson } from './local-answers.ts';

/** Path of the page. Its files are below it. */
const path = '/reference/';

type Pages = typeof import('../../openapi/reference/files.ts');

/**
 * Answers `GET /reference/` with the API's reference page.
 * @returns a handler; it returns false for any other path
 */
export function createReferenceRoutes() {
  let pages: Promise<Pages> | undefined;
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (`${pathname}/` === path) response.writeHead(308, { location: path }).end();
    else if (!pathname.startsWith(path)) return false;
    else {
      // Import on the first request: the page's script is large and rarely needed.
      pages ??= import('../../openapi/reference/files.ts');
      const name = pathname.slice(path.length) || 'index.html';
      pages.then(
        (found) => answer(response, found, name),
        (error) => sendJson(response, 500, { message: String(error) }),
      );
    }
    return true;
  };
}

function answer(
  response: ServerResponse,
  { referenceFiles, referenceHeaders }: Pages,
  name: string,
) {
  const file = referenceFiles().find((one) => one.name === name);
  if (!file) sendJson(response, 404, { message: 'Not found' });
  else sendFile(response, file.contentType, file.text, referenceHeaders);
}
