import type { IncomingMessage, ServerResponse } from 'node:http';
import { portalHeaders } from '../../lib/portal/portal-files.ts';
import { sendFile, sendJson } from './local-answers.ts';

type Pages = typeof import('../../openapi/problem-pages/files.ts');

/**
 * Answers `GET /problems/<code>`, the address in a problem's `type`.
 * @returns a handler; it returns false for any other path
 */
export function createProblemRoutes() {
  let pages: Promise<Pages> | undefined;
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const [, name] = /^\/problems(?:\/([\w.-]*))?$/.exec(pathname) ?? [undefined, undefined];
    if (name === undefined && pathname !== '/problems') return false;
    pages ??= import('../../openapi/problem-pages/files.ts');
    pages.then(
      ({ problemPages }) => {
        const wanted = [name || 'index.html', `${name}.html`];
        const found = problemPages().find((page) => wanted.includes(page.name));
        if (!found) sendJson(response, 404, { message: 'There is no such problem' });
        else sendFile(response, found.contentType, found.text, portalHeaders());
      },
      (error) => sendJson(response, 500, { message: String(error) }),
    );
    return true;
  };
}
