import type { APIGatewayProxyEvent } from 'aws-lambda';
import { Problem } from '#core/model/problems.ts';
import { header } from './call.ts';

/**
 * Holds the refresh token. Because of its prefix, no other host, path or plain HTTP can set it (RFC 6265bis §4.1.3.2).
 */
export const sessionCookie = '__Host-hawiya-session';
/** Holds the secrets of a remembered device, one for each of its people. */
export const deviceCookie = '__Host-hawiya-device';

/** Holds by whom this browser is recognised. */
export const recognitionCookie = '__Host-hawiya-known';

const attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict';

/** @param maxAge seconds; zero or fewer clears the cookie */
export const setCookie = (name: string, value: string, maxAge: number): string =>
  `${name}=${value}; Max-Age=${Math.max(0, maxAge)}; ${attributes}`;

/** A cookie that ends with the browser. */
export const setBrowserCookie = (name: string, value: string): string =>
  `${name}=${value}; ${attributes}`;

export const clearCookie = (name: string): string => setCookie(name, '', 0);

/**
 * The value of a cookie, or undefined if two cookies have its name. A browser that enforces the prefix never sends two.
 * Only blanks and tabs are trimmed, and names are compared exactly. A more lenient reader would accept a cookie that
 * another host can set, for example with a no-break space before its name.
 */
export function readCookie(event: APIGatewayProxyEvent, name: string): string | undefined {
  const values = cookieLines(event)
    .flatMap((line) => line.split(';'))
    .map((pair) => pair.replace(/^[\t ]+|[\t ]+$/g, ''))
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 && values[0] !== '' ? values[0] : undefined;
}

/** HTTP/2 may send cookies in several headers. */
function cookieLines(event: APIGatewayProxyEvent): string[] {
  const lines = Object.entries(event.multiValueHeaders ?? {}).flatMap(([key, values]) =>
    key.toLowerCase() === 'cookie' ? (values ?? []) : [],
  );
  return lines.length > 0 ? lines : [header(event, 'cookie') ?? ''];
}

/** A refusal after which the browser should drop its session cookie. */
export class SessionRefused extends Problem {
  readonly cookies = [clearCookie(sessionCookie)];

  constructor({ code, extras }: Problem) {
    super(code, extras);
  }
}
