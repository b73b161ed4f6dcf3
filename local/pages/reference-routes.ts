import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendFile, sendJson } from './local-answers.ts';

/** Where the page is: its files are below. */
const path = '/reference/';

type Pages = typeof import('../../openapi/reference/files.ts');

/** Answers `GET /reference/` with the API's reference page; false when the request is for something else. */
export function createReferenceRoutes() {
  let pages: Promise<Pages> | undefined;
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (`${pathname}/` === path) response.writeHead(308, { location: path }).end();
    else if (!pathname.startsWith(path)) return false;
    else {
      // Its script is large, and most who start the cloud never look.
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
  if (!file) sendJson(response, 404, { message: 'Nothing here' });
  else sendFile(response, file.contentType, file.text, referenceHeaders);
}
