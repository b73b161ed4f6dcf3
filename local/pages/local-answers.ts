import type { ServerResponse } from 'node:http';

/** No answer may be cached: the next start is another cloud. */
const common = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** Pages have inline styles and scripts, and call this server only. The demo page frames others. */
const contentSecurityPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; " +
  "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { ...common, 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(value));
}

export function sendPage(response: ServerResponse, html: string): void {
  response.writeHead(200, {
    ...common,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentSecurityPolicy,
  });
  response.end(html);
}

/** Answers 200 with a file and the headers that belong to it. */
export function sendFile(
  response: ServerResponse,
  contentType: string,
  text: string,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(200, { ...common, ...headers, 'content-type': contentType });
  response.end(text);
}
