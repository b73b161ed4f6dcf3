import { operations } from './operations.ts';
import { HawiyaError } from './problem.ts';
import type { Request } from './request.ts';
import type { ClientOptions } from './types.ts';

/** A row of the table that is generated from the OpenAPI document. */
export interface Operation {
  readonly method: string;
  /** Below the base URL, parameters in braces. */
  readonly path: string;
  readonly body?: true;
  /** The kind of access token it requires. */
  readonly bearer?: 'session' | 'service';
  /** Takes an `Idempotency-Key`. */
  readonly keyed?: true;
  /** Counts tries: of a password, or of a code. */
  readonly tries?: true;
  /** Sets or reads the session's cookies. */
  readonly cookies?: true;
}

export type Fields = Readonly<Record<string, unknown>>;

/** The parts of a request besides its input. */
interface Credentials {
  readonly bearer?: string | undefined;
  readonly key?: string | undefined;
}

export const table: Readonly<Record<string, Operation>> = operations;

/** @throws TypeError for an unknown operation */
export function operationOf(name: string): Operation {
  const found = table[name];
  if (!found) throw new TypeError(name);
  return found;
}

/**
 * Makes requests out of calls. The path's parameters are taken from the input, and the rest of the input is the body.
 */
export function createBuilder({ baseUrl, language, tokens, headers }: ClientOptions) {
  const base = baseUrl.replace(/\/+$/, '');
  const inCookie = tokens === 'cookie';

  return (name: string, input: Fields, { bearer, key }: Credentials = {}): Request => {
    const { method, path, body, cookies } = operationOf(name);
    const byCookie = cookies && inCookie;
    const said = typeof language === 'function' ? language() : language;
    const { url, rest } = fill(path, input);
    return {
      operation: name,
      url: base + url,
      method,
      headers: {
        ...headers,
        ...(said && { 'accept-language': said }),
        ...(body && { 'content-type': 'application/json' }),
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        ...(key !== undefined && { 'idempotency-key': key }),
        ...(byCookie && { 'x-hawiya-client': 'browser' }),
      },
      body: body && JSON.stringify({ ...rest, ...(byCookie && { tokens: 'cookie' }) }),
      credentials: inCookie ? 'same-origin' : 'omit',
    };
  };
}

/** @throws HawiyaError for a parameter that would lead to another path: an empty one, or dots that `fetch` resolves */
function fill(path: string, input: Fields): { readonly url: string; readonly rest: Fields } {
  const rest = { ...input };
  const url = path.replace(/\{(\w+)\}/g, (_, parameter: string) => {
    const value = String(rest[parameter] ?? '');
    if (/^\.{0,2}$/.test(value)) throw new HawiyaError(`${parameter}: not an id`);
    delete rest[parameter];
    return encodeURIComponent(value);
  });
  return { url, rest };
}
