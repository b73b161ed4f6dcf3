import type { ServerResponse } from 'node:http';

/** Nothing here is for keeping: the next start is another cloud. */
const common = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** Pages bring their own style and script, and talk to this server alone; it has one that shows others beside each other. */
const contentSecurityPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; " +
  "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/** Answers with a value as JSON. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { ...common, 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(value));
}

/** Answers 200 with a page. */
export function sendPage(response: ServerResponse, html: string): void {
  response.writeHead(200, {
    ...common,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentSecurityPolicy,
  });
  response.end(html);
}

/** Answers 200 with a file that brings headers of its own. */
export function sendFile(
  response: ServerResponse,
  contentType: string,
  text: string,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(200, { ...common, ...headers, 'content-type': contentType });
  response.end(text);
}
