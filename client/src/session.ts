import { Aborted, isProblem, type SessionEnd } from './problem.ts';
import type { Runtime } from './runtime.ts';
import type { components } from './schema.ts';

type Tokens = components['schemas']['TokensAnswer']['tokens'];

/**
 * Where an app keeps its refresh token: the keychain, a keystore. Never the storage of a browser: use cookies there.
 */
export interface RefreshTokenStore {
  load(): string | undefined | Promise<string | undefined>;
  /** undefined: the session is over, delete the token. */
  save(refreshToken: string | undefined): void | Promise<void>;
}

export interface SessionSetup {
  /** Undefined in cookie mode: the browser keeps the token, and no script sees it. */
  readonly store: RefreshTokenStore | undefined;
  readonly runtime: Runtime;
  /** Makes the call that refreshes, retries included. */
  readonly rotate: (refreshToken: string | undefined, signal: AbortSignal) => Promise<Tokens>;
  readonly onEnded: (reason?: SessionEnd, idleSeconds?: number) => void;
  readonly onKept: (kept: { readonly idleSeconds: number }) => void;
}

interface Held {
  readonly accessToken: string;
  readonly idToken: string;
  /** By the runtime's clock, milliseconds. */
  readonly refreshAt: number;
  readonly expiresAt: number;
}

/** A refresh in flight. */
interface Flight {
  readonly done: Promise<boolean>;
  readonly stop: AbortController;
}

export type Session = ReturnType<typeof createSession>;

/** Milliseconds between the renewal of an access token and its expiry. For a short-lived token, half its life. */
const skew = 60_000;

/** The tokens of one person. The access token is in memory only, and one refresh renews it for all waiting calls. */
export function createSession({ store, runtime, rotate, onEnded, onKept }: SessionSetup) {
  const { now, locks } = runtime;
  let held: Held | undefined;
  let refreshToken: string | undefined;
  let flight: Flight | undefined;
  /** Subject of the tokens. If it cannot be read, the person is assumed to be the same. */
  let subject: string | undefined;
  /** Whether this client has had a session. In cookie mode, after a refused access token, only this flag tells. */
  let open = false;
  /**
   * No refresh starts by itself after a log-out or a refusal. A log-out whose answer was lost may have left its cookie.
   */
  let over = false;

  async function keep(tokens: Tokens): Promise<void> {
    const life = tokens.expiresIn * 1_000;
    const expiresAt = now() + life;
    const refreshAt = expiresAt - Math.min(skew, life / 2);
    held = { accessToken: tokens.accessToken, idToken: tokens.idToken, expiresAt, refreshAt };
    subject = subjectOf(tokens.accessToken);
    over = false;
    open = true;
    refreshToken = tokens.refreshToken;
    onKept({ idleSeconds: tokens.idleSeconds });
    await store?.save(refreshToken);
  }

  /** Forgets the tokens, and aborts the refresh in flight: its answer would bring them back. */
  function drop(): void {
    flight?.stop.abort();
    flight = undefined;
    held = undefined;
    subject = undefined;
    refreshToken = undefined;
    open = false;
    over = true;
  }

  /** @returns whether there is a session */
  function refresh(): Promise<boolean> {
    if (flight) return flight.done;
    const stop = new AbortController();
    const run = () => renew(stop.signal);
    // Tabs share the cookie. A second tab waits for the first, and then sends the newest cookie.
    const done =
      locks && !store ? locks.request('hawiya-refresh', { signal: stop.signal }, run) : run();
    const mine = { stop, done: done.catch(asAborted).finally(() => landed(mine)) };
    flight = mine;
    return mine.done;
  }

  function landed(which: Flight): void {
    if (flight === which) flight = undefined;
  }

  async function renew(signal: AbortSignal): Promise<boolean> {
    if (store) refreshToken ??= await store.load();
    if (store && refreshToken === undefined) return false;
    const had = open || refreshToken !== undefined;
    try {
      const tokens = await rotate(refreshToken, signal);
      if (signal.aborted) throw new Aborted('refreshSession', signal.reason);
      if (isAnothers(tokens)) {
        drop();
        onEnded();
        return false;
      }
      await keep(tokens);
      return true;
    } catch (error) {
      // After any other error the session lives on.
      if (signal.aborted || !isProblem(error, 'unauthenticated')) throw error;
      drop();
      await store?.save(undefined);
      // A page that has just been loaded has had no session, but the reason says that its browser had one.
      const { reason, idleSeconds } = error;
      if (had || reason) onEnded(reason, idleSeconds);
      throw error;
    }
  }

  /** Another tab may have logged in another person: the cookie is shared, and this tab still shows the former one. */
  function isAnothers(tokens: Tokens): boolean {
    const next = store ? undefined : subjectOf(tokens.accessToken);
    return subject !== undefined && next !== undefined && next !== subject;
  }

  /** The tokens, refreshed if they are about to expire. */
  async function fresh(): Promise<Held | undefined> {
    if (held && now() < held.refreshAt) return held;
    if (over) return undefined;
    const old = held;
    await refresh().catch((error: unknown) => {
      // The old tokens are valid for some more seconds, so the caller need not see the error.
      if (!old || old !== held || now() >= old.expiresAt) throw error;
    });
    return held;
  }

  return {
    /** Stores the tokens of a login or of a refresh. */
    async opened(tokens: Tokens): Promise<void> {
      drop();
      await keep(tokens);
    },

    refresh,

    /** Waits for a refresh in flight: its cookie must not overwrite a newer one. */
    async settled(): Promise<void> {
      await flight?.done.catch(() => {});
    },

    /**
     * A valid access token; undefined if no person is logged in.
     * @throws HawiyaProblem unauthenticated if the session is over, NoAnswer
     */
    accessToken: async () => (await fresh())?.accessToken,

    /** The ID token that came with it, on the same terms. */
    idToken: async () => (await fresh())?.idToken,

    /** The server refused this access token: it is not used again. */
    refused(accessToken: string): void {
      if (held?.accessToken === accessToken) held = undefined;
    },

    /** Forgets the tokens in memory. No refresh starts by itself afterwards. */
    forget: drop,

    /**
     * Forgets everything, at once.
     * @returns the refresh token, to be revoked
     */
    async close(): Promise<string | undefined> {
      const last = refreshToken;
      drop();
      const stored = last ?? (await store?.load());
      await store?.save(undefined);
      return stored;
    },
  };
}

/** `sub` of a JWT. The token is not verified here, because nothing depends on it but the comparison of two persons. */
function subjectOf(token: string): string | undefined {
  try {
    const payload = (token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/');
    const { sub } = JSON.parse(atob(payload)) as { readonly sub?: unknown };
    return typeof sub === 'string' ? sub : undefined;
  } catch {
    return undefined;
  }
}

/** An aborted wait for a lock rejects with the browser's own error. */
function asAborted(error: unknown): never {
  if ((error as Error | undefined)?.name !== 'AbortError') throw error;
  throw new Aborted('refreshSession', error);
}
