import { type Client, type ClientOptions, createClient } from '../../../client/src/index.ts';

/** A request as the server sees it. */
export interface Received {
  readonly method: string;
  /** Below the base URL. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>> | undefined;
  readonly credentials: string | undefined;
}

/** The server answers, breaks the connection, or never answers. */
export type Reply =
  | 'network'
  | 'silence'
  | {
      readonly status: number;
      readonly body?: unknown;
      readonly text?: string;
      readonly retryAfter?: number;
    };

export const tokens = (name: string, expiresIn = 900) => ({
  tokens: { accessToken: `access-${name}`, idToken: 'id', expiresIn, tokenType: 'Bearer' },
});
/** Tokens as in body mode. */
export const bodyTokens = (name: string, expiresIn?: number) => ({
  tokens: { ...tokens(name, expiresIn).tokens, refreshToken: `refresh-${name}` },
});

export const problem = (status: number, code: string, more: object = {}): Reply => ({
  status,
  body: { type: `https://localhost/problems/${code}`, title: code, status, code, ...more },
});

export const account: Reply = { status: 200, body: { account: { username: 'sara.q' } } };

/**
 * A client whose server is a function, and whose clock advances when the client waits.
 * @param answer gets each request and the number of earlier requests to its path
 * @param deaf the answer arrives although the request was aborted, as when the two cross
 */
export function fakeApi(
  answer: (request: Received, before: number) => Reply | Promise<Reply>,
  options: Partial<ClientOptions> = {},
  { deaf = false } = {},
) {
  const received: Received[] = [];
  const waits: number[] = [];
  let now = 0;
  let pending = 0;

  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const request: Received = {
      method: init.method ?? '',
      path: url.replace('https://portal.test/v1', ''),
      headers: init.headers as Record<string, string>,
      body: init.body === undefined ? undefined : JSON.parse(String(init.body)),
      credentials: init.credentials,
    };
    const before = received.filter(({ path }) => path === request.path).length;
    received.push(request);
    pending++;
    try {
      const reply = await answer(request, before);
      if (!deaf) init.signal?.throwIfAborted();
      if (reply === 'network') throw new TypeError('fetch failed');
      if (reply === 'silence') return await untilAborted(init.signal);
      const { status, body, text = JSON.stringify(body), retryAfter } = reply;
      const headers = retryAfter === undefined ? undefined : { 'retry-after': `${retryAfter}` };
      return new Response(text ?? null, { status, ...(headers && { headers }) });
    } finally {
      pending--;
    }
  };

  const client: Client = createClient({
    baseUrl: 'https://portal.test/v1',
    fetch: fetch as typeof globalThis.fetch,
    ...options,
    runtime: {
      now: () => now,
      random: () => 0.5,
      sleep: async (milliseconds) => {
        waits.push(milliseconds);
        now += milliseconds;
      },
      locks: undefined,
      ...options.runtime,
    },
  });
  return {
    client,
    received,
    /** The waits before each retry, in milliseconds. */
    waits,
    to: (path: string) => received.filter((request) => request.path === path),
    /** The number of requests that are neither aborted nor answered. */
    pending: () => pending,
    pass: (seconds: number) => {
      now += seconds * 1_000;
    },
  };
}

const untilAborted = (signal: AbortSignal | null | undefined): Promise<never> =>
  new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason));
  });
