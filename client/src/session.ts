import { Aborted, isProblem } from './problem.ts';
import type { Runtime } from './runtime.ts';
import type { components } from './schema.ts';

type Tokens = components['schemas']['TokensAnswer']['tokens'];

/** Where an app keeps its refresh token: the keychain, a keystore. Never the storage of a browser: use cookies there. */
export interface RefreshTokenStore {
  load(): string | undefined | Promise<string | undefined>;
  /** undefined: the session is over, forget it. */
  save(refreshToken: string | undefined): void | Promise<void>;
}

export interface SessionSetup {
  /** Undefined in cookie mode: the browser keeps it, and no script sees it. */
  readonly store: RefreshTokenStore | undefined;
  readonly runtime: Runtime;
  /** Makes the call that refreshes, retries included. */
  readonly rotate: (refreshToken: string | undefined, signal: AbortSignal) => Promise<Tokens>;
  readonly onEnded: () => void;
}

interface Held {
  readonly accessToken: string;
  /** By the runtime's clock, milliseconds. */
  readonly refreshAt: number;
  readonly expiresAt: number;
}

/** A refresh on its way. */
interface Flight {
  readonly done: Promise<boolean>;
  readonly stop: AbortController;
}

export type Session = ReturnType<typeof createSession>;

/** Milliseconds before an access token expires at which it is renewed; half its life where that is shorter. */
const skew = 60_000;

/** The tokens of one person: the access token in memory only, renewed by one refresh however many calls want it. */
export function createSession({ store, runtime, rotate, onEnded }: SessionSetup) {
  const { now, locks } = runtime;
  let held: Held | undefined;
  let refreshToken: string | undefined;
  let flight: Flight | undefined;
  /** Whose tokens they are; what cannot be read is taken for the same person's. */
  let subject: string | undefined;
  /** Whether there has been one here; in cookie mode a refused access token leaves nothing else to tell by. */
  let open = false;
  /** After a log-out or a refusal nothing refreshes by itself: a log-out whose answer was lost has left its cookie. */
  let over = false;

  async function keep(tokens: Tokens): Promise<void> {
    const life = tokens.expiresIn * 1_000;
    const expiresAt = now() + life;
    const refreshAt = expiresAt - Math.min(skew, life / 2);
    held = { accessToken: tokens.accessToken, expiresAt, refreshAt };
    subject = subjectOf(tokens.accessToken);
    over = false;
    open = true;
    refreshToken = tokens.refreshToken;
    await store?.save(refreshToken);
  }

  /** Takes back what is held, and the refresh in flight, whose answer would bring it back. */
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
    // Tabs share the cookie: a second one waits, and then sends the newest.
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
      // Anything else may pass: the session lives on.
      if (signal.aborted || !isProblem(error, 'unauthenticated')) throw error;
      drop();
      await store?.save(undefined);
      if (had) onEnded();
      throw error;
    }
  }

  /** The cookie is the browser's: another tab may have logged in somebody else, and this one shows the person before. */
  function isAnothers(tokens: Tokens): boolean {
    const next = store ? undefined : subjectOf(tokens.accessToken);
    return subject !== undefined && next !== undefined && next !== subject;
  }

  return {
    /** Those of a login, or of a refresh. */
    async opened(tokens: Tokens): Promise<void> {
      drop();
      await keep(tokens);
    },

    refresh,

    /** Waits for a refresh in flight: its cookie is not to land on top of a newer one. */
    async settled(): Promise<void> {
      await flight?.done.catch(() => {});
    },

    /**
     * The access token, fresh; undefined where nobody is logged in.
     * @throws HawiyaProblem unauthenticated where the session is over, NoAnswer
     */
    async accessToken(): Promise<string | undefined> {
      if (held && now() < held.refreshAt) return held.accessToken;
      if (over) return undefined;
      const old = held;
      await refresh().catch((error: unknown) => {
        // It is good for some seconds yet: whoever calls need not notice.
        if (!old || old !== held || now() >= old.expiresAt) throw error;
      });
      return held?.accessToken;
    },

    /** The server did not take this access token: it is not to be used again. */
    refused(accessToken: string): void {
      if (held?.accessToken === accessToken) held = undefined;
    },

    /** Forgets what is in memory; nothing refreshes by itself any more. */
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

/** `sub` of a JWT, which is read and not verified: it opens nothing here. */
function subjectOf(token: string): string | undefined {
  try {
    const payload = (token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/');
    const { sub } = JSON.parse(atob(payload)) as { readonly sub?: unknown };
    return typeof sub === 'string' ? sub : undefined;
  } catch {
    return undefined;
  }
}

/** A lock that is not waited for any longer rejects in its own words. */
function asAborted(error: unknown): never {
  if ((error as Error | undefined)?.name !== 'AbortError') throw error;
  throw new Aborted('refreshSession', error);
}
