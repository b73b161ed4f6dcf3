import { describe, expect, it, vi } from 'vitest';
import { Aborted, NoAnswer } from '../../../client/src/index.ts';
import {
  account,
  bodyTokens,
  fakeApi,
  problem,
  type Received,
  type Reply,
  tokens,
} from '../../support/fakes/api.ts';

const refresh = '/sessions/refresh';
const unauthenticated = problem(401, 'unauthenticated');
const password = { username: 'sara.q', password: 'x' };

/**
 * A server with sessions, as far as the client sees it: `access-<n>` of the newest refresh is
 * valid.
 */
function server(options: { refreshes?: (before: number) => Reply | Promise<Reply> } = {}) {
  let newest = 'access-0';
  const answer = async ({ path, headers }: Received, before: number): Promise<Reply> => {
    if (path === '/sessions') return { status: 201, body: bodyTokens('0') };
    if (path === '/sessions/revoke') return { status: 204 };
    if (path === refresh) {
      const reply = await (options.refreshes?.(before) ?? {
        status: 201,
        body: bodyTokens(`${before + 1}`),
      });
      if (typeof reply === 'object' && reply.status === 201) newest = `access-${before + 1}`;
      return reply;
    }
    return headers['authorization'] === `Bearer ${newest}` ? account : unauthenticated;
  };
  return { answer, expire: () => (newest = 'none') };
}

const later = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('one refresh in flight', () => {
  it('serves twenty parallel calls whose access token has expired', async () => {
    const { answer } = server({
      refreshes: async (before) => {
        await later();
        return { status: 201, body: bodyTokens(`${before + 1}`) };
      },
    });
    const api = fakeApi(answer);
    await api.client.logIn(password);
    api.pass(900);
    await Promise.all(Array.from({ length: 20 }, () => api.client.readAccount()));
    expect(api.to(refresh)).toHaveLength(1);
    expect(api.to('/account')).toHaveLength(20);
  });

  it('serves twenty parallel calls that the server refused; each is sent once more', async () => {
    const { answer, expire } = server();
    const api = fakeApi(answer);
    await api.client.logIn(password);
    expire();
    await Promise.all(Array.from({ length: 20 }, () => api.client.readAccount()));
    expect(api.to(refresh)).toHaveLength(1);
    expect(api.to('/account')).toHaveLength(40);
  });

  it('is not repeated for a call refused with an older token: the call takes the newest one', async () => {
    const { answer, expire } = server();
    let hold: (() => void) | undefined;
    const api = fakeApi(async (request, before) => {
      // The refusal of the first call arrives late.
      if (request.path === '/account/sessions' && before === 0) {
        await new Promise<void>((resolve) => {
          hold = resolve;
        });
        return unauthenticated;
      }
      return answer(request, before);
    });
    await api.client.logIn(password);
    expire();
    const slow = api.client.listSessions();
    await api.client.readAccount();
    hold?.();
    await slow;
    expect(api.to(refresh)).toHaveLength(1);
  });

  it('is shared by all tabs: cookie mode holds the browser’s lock, body mode needs none', async () => {
    const names: string[] = [];
    const locks = {
      request: async <T>(name: string, _: object, run: () => Promise<T>) => {
        names.push(name);
        return run();
      },
    };
    for (const mode of ['cookie', 'body'] as const) {
      const store = { load: () => 'stored', save: () => {} };
      const api = fakeApi(server().answer, { tokens: mode, store, runtime: { locks } });
      expect(await api.client.refreshSession()).toBe(true);
    }
    expect(names).toEqual(['hawiya-refresh']);
  });
});

describe('a session', () => {
  it('is refreshed a minute before its token expires, by the client’s own clock', async () => {
    const api = fakeApi(server().answer);
    await api.client.logIn(password);
    api.pass(839);
    await api.client.readAccount();
    expect(api.to(refresh)).toHaveLength(0);
    api.pass(2);
    await api.client.readAccount();
    expect(api.to(refresh)).toHaveLength(1);
    expect(api.to('/account').at(-1)?.headers['authorization']).toBe('Bearer access-1');
  });

  it('ends when a refresh is refused: the app is told once, and no further refresh is sent', async () => {
    const onSessionEnded = vi.fn();
    const save = vi.fn();
    const api = fakeApi(server({ refreshes: () => unauthenticated }).answer, {
      onSessionEnded,
      store: { load: () => undefined, save },
    });
    await api.client.logIn(password);
    api.pass(900);
    const calls = await Promise.allSettled([api.client.readAccount(), api.client.listSessions()]);
    for (const call of calls) {
      expect(call).toMatchObject({ status: 'rejected', reason: { code: 'unauthenticated' } });
    }
    expect(onSessionEnded).toHaveBeenCalledTimes(1);
    expect(save).toHaveBeenLastCalledWith(undefined);
    await expect(api.client.readAccount()).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(api.to(refresh)).toHaveLength(1);
    expect(api.to('/account').at(-1)?.headers).not.toHaveProperty('authorization');
  });

  it.each(['cookie', 'body'] as const)(
    'ends, and the app is told, when it was ended elsewhere before its tokens expired (%s)',
    async (mode) => {
      const onSessionEnded = vi.fn();
      const opened = { status: 201, body: mode === 'cookie' ? tokens('0') : bodyTokens('0') };
      const answer = ({ path }: Received) => (path === '/sessions' ? opened : unauthenticated);
      const api = fakeApi(answer, { onSessionEnded, tokens: mode });
      await api.client.logIn(password);
      await expect(api.client.readAccount()).rejects.toMatchObject({ code: 'unauthenticated' });
      expect(onSessionEnded).toHaveBeenCalledTimes(1);
    },
  );

  it.each(['cookie', 'body'] as const)(
    'tells the app why it ended, on a page that has just been loaded too (%s)',
    async (mode) => {
      const onSessionEnded = vi.fn();
      const idle = problem(401, 'unauthenticated', { reason: 'idle', idleSeconds: 1200 });
      const store = { load: () => 'kept', save: () => {} };
      const api = fakeApi(() => idle, { onSessionEnded, tokens: mode, store });
      expect(await api.client.refreshSession()).toBe(false);
      expect(onSessionEnded.mock.calls).toEqual([['idle', 1200]]);
    },
  );

  it.each([
    ['no answer', 'network' as const],
    ['a limit', problem(429, 'too_many_requests', { retryAfter: 3 })],
    ['an outage', problem(503, 'unavailable', { retryAfter: 60 })],
  ])('survives a refresh that gets %s', async (_name, reply) => {
    let down = true;
    const onSessionEnded = vi.fn();
    const { answer } = server({
      refreshes: (before) => (down ? reply : { status: 201, body: bodyTokens(`${before + 1}`) }),
    });
    const api = fakeApi(answer, { onSessionEnded });
    await api.client.logIn(password);
    api.pass(901);
    await expect(api.client.readAccount()).rejects.toThrow();
    expect(onSessionEnded).not.toHaveBeenCalled();
    down = false;
    await expect(api.client.readAccount()).resolves.toMatchObject({ account: {} });
    expect(api.to(refresh).at(-1)?.body).toEqual({ refreshToken: 'refresh-0' });
  });

  it('uses its token while that is valid, although an early refresh got no answer', async () => {
    const api = fakeApi(server({ refreshes: () => 'network' }).answer);
    await api.client.logIn(password);
    api.pass(850);
    await expect(api.client.readAccount()).resolves.toMatchObject({ account: {} });
  });

  it('continues from the store after a restart of the app, and from the cookie after a reload of the page', async () => {
    const saved: (string | undefined)[] = [];
    const store = { load: () => 'refresh-stored', save: (t: string | undefined) => saved.push(t) };
    const app = fakeApi(server().answer, { store: { ...store, save: (t) => void store.save(t) } });
    await app.client.readAccount();
    expect(app.to(refresh)[0]).toMatchObject({
      body: { refreshToken: 'refresh-stored' },
      credentials: 'omit',
    });
    expect(app.to(refresh)[0]?.headers).not.toHaveProperty('x-hawiya-client');
    expect(saved).toEqual(['refresh-1']);

    const refreshes = () => ({ status: 201, body: tokens('1') });
    const page = fakeApi(server({ refreshes }).answer, { tokens: 'cookie' });
    await page.client.readAccount();
    expect(page.to(refresh)[0]).toMatchObject({
      body: { tokens: 'cookie' },
      credentials: 'same-origin',
      headers: { 'x-hawiya-client': 'browser' },
    });
  });

  it('that does not exist is no session and no error', async () => {
    const onSessionEnded = vi.fn();
    const refused = server({ refreshes: () => unauthenticated });
    const page = fakeApi(refused.answer, { tokens: 'cookie', onSessionEnded });
    expect(await page.client.refreshSession()).toBe(false);
    expect(await page.client.getAccessToken()).toBeUndefined();
    const app = fakeApi(refused.answer, { onSessionEnded });
    expect(await app.client.refreshSession()).toBe(false);
    expect(app.received).toEqual([]);
    await app.client.revokeSession();
    expect(app.received).toEqual([]);
    expect(onSessionEnded).not.toHaveBeenCalled();
  });

  it('is refreshed once for a refused call, and no further', async () => {
    const api = fakeApi((request, before) =>
      request.path === '/account' ? unauthenticated : server().answer(request, before),
    );
    await api.client.logIn(password);
    await expect(api.client.readAccount()).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(api.to('/account')).toHaveLength(2);
    expect(api.to(refresh)).toHaveLength(1);
  });

  it('is not refreshed for a wrong password', async () => {
    const wrong = problem(401, 'credentials_incorrect');
    const api = fakeApi((request, before) =>
      request.path === '/account/close' ? wrong : server().answer(request, before),
    );
    await api.client.logIn(password);
    const closing = api.client.startClosing({ currentPassword: 'x' });
    await expect(closing).rejects.toMatchObject({ code: 'credentials_incorrect' });
    expect(api.to(refresh)).toHaveLength(0);
  });
});

describe('a browser that another person uses now', () => {
  const jwt = (sub: string) =>
    `e30.${Buffer.from(JSON.stringify({ sub, name: 'نورة' })).toString('base64url')}.x`;
  const of = (sub: string) => ({
    tokens: { ...tokens('0').tokens, accessToken: jwt(sub) },
  });
  /**
   * Logs in as one person, then gets the other's tokens from the cookie that another tab has
   * changed.
   */
  async function changed(mode: 'cookie' | 'body', next: string) {
    const onSessionEnded = vi.fn();
    const body = (sub: string) =>
      mode === 'cookie' ? of(sub) : { tokens: { ...bodyTokens('0').tokens, ...of(sub).tokens } };
    const api = fakeApi(
      ({ path }) => {
        if (path === '/sessions') return { status: 201, body: body('one') };
        return path === refresh ? { status: 201, body: body(next) } : account;
      },
      { tokens: mode, onSessionEnded },
    );
    await api.client.logIn(password);
    return { ...api, onSessionEnded };
  }

  it('ends the session when refreshed tokens name another subject, and sends no call for that subject', async () => {
    const api = await changed('cookie', 'other');
    api.pass(900);
    expect(await api.client.getAccessToken()).toBeUndefined();
    expect(api.onSessionEnded).toHaveBeenCalledTimes(1);
    expect(api.to('/account')).toEqual([]);
    // A new refresh accepts the other person's session.
    expect(await api.client.refreshSession()).toBe(true);
    expect(await api.client.getAccessToken()).toBe(jwt('other'));
  });

  it.each([['cookie', 'one'] as const, ['body', 'other'] as const])(
    'keeps the session for the same subject, and in body mode, where no tab shares the tokens (%s)',
    async (mode, next) => {
      const api = await changed(mode, next);
      api.pass(900);
      expect(await api.client.getAccessToken()).toBe(jwt(next));
      expect(api.onSessionEnded).not.toHaveBeenCalled();
    },
  );

  it('forgets the token when another tab reports the change, and sends no call', async () => {
    const api = await changed('cookie', 'other');
    const before = api.received.length;
    api.client.forgetSession();
    expect(await api.client.getAccessToken()).toBeUndefined();
    expect(api.received).toHaveLength(before);
    expect(await api.client.refreshSession()).toBe(true);
    expect(api.onSessionEnded).not.toHaveBeenCalled();
  });
});

describe('a refresh whose answer is lost', () => {
  it('is repeated with the same token within ten seconds, while the server accepts the repetition', async () => {
    const { answer } = server({
      refreshes: (before) =>
        before === 0 ? 'network' : { status: 201, body: bodyTokens(`${before + 1}`) },
    });
    const api = fakeApi(answer);
    await api.client.logIn(password);
    api.pass(901);
    await api.client.readAccount();
    const sent = api.to(refresh).map(({ body }) => body?.['refreshToken']);
    expect(sent).toEqual(['refresh-0', 'refresh-0']);
    expect(api.waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(6_000);
  });

  it('is not repeated later, nor by the retries of the call that needed it', async () => {
    const slow: (() => void)[] = [];
    const { answer } = server({
      refreshes: () => {
        for (const pass of slow) pass();
        return 'network';
      },
    });
    const api = fakeApi(answer);
    slow.push(() => api.pass(7));
    await api.client.logIn(password);
    api.pass(901);
    await expect(api.client.readAccount()).rejects.toThrow(NoAnswer);
    expect(api.to(refresh)).toHaveLength(1);
    expect(api.to('/account')).toHaveLength(0);
  });

  it('is given up after four seconds the first time, so that the second attempt is in time', async () => {
    vi.useFakeTimers();
    try {
      const { answer } = server({
        refreshes: (before) =>
          before === 0 ? 'silence' : { status: 201, body: bodyTokens(`${before + 1}`) },
      });
      const store = { load: () => 'stored', save: () => {} };
      const api = fakeApi(answer, { store });
      const done = api.client.refreshSession();
      await vi.advanceTimersByTimeAsync(3_999);
      expect(api.to(refresh)).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(await done).toBe(true);
      expect(api.to(refresh)).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('logging in', () => {
  it('waits for a refresh in flight: its cookie would overwrite the new one', async () => {
    const { answer } = server({
      refreshes: async () => {
        await later();
        return unauthenticated;
      },
    });
    const answered: string[] = [];
    const api = fakeApi(
      async (request, before) => {
        const reply = await answer(request, before);
        answered.push(request.path);
        return reply;
      },
      { tokens: 'cookie' },
    );
    const [there] = await Promise.all([api.client.refreshSession(), api.client.logIn(password)]);
    expect([there, ...answered]).toEqual([false, refresh, '/sessions']);
    expect(await api.client.getAccessToken()).toBe('access-0');
  });
});

describe('the ID token', () => {
  it('is the one of the newest answer, and is refreshed before it expires', async () => {
    const next = { tokens: { ...bodyTokens('1').tokens, idToken: 'id-1' } };
    const { answer } = server({ refreshes: () => ({ status: 201, body: next }) });
    const api = fakeApi(answer);
    await api.client.logIn(password);
    expect(await api.client.getIdToken()).toBe('id');
    api.pass(880);
    expect(await api.client.getIdToken()).toBe('id-1');
    await api.client.revokeSession();
    expect(await api.client.getIdToken()).toBeUndefined();
  });
});

describe('logging out', () => {
  it('forgets everything at once, even when the network fails', async () => {
    for (const mode of ['cookie', 'body'] as const) {
      const save = vi.fn();
      const onSessionEnded = vi.fn();
      const { answer } = server();
      const api = fakeApi(
        (request, before) =>
          request.path === '/sessions/revoke' ? 'network' : answer(request, before),
        { tokens: mode, store: { load: () => undefined, save }, onSessionEnded },
      );
      await api.client.logIn(password);
      await expect(api.client.revokeSession()).rejects.toThrow(NoAnswer);
      // The cookie is still there, and it must not bring the session back by itself.
      expect(await api.client.getAccessToken()).toBeUndefined();
      expect(api.to(refresh)).toHaveLength(0);
      expect(api.to('/sessions/revoke')).toHaveLength(1);
      if (mode === 'body') expect(save).toHaveBeenLastCalledWith(undefined);
      expect(onSessionEnded).not.toHaveBeenCalled();
    }
  });

  it('revokes the refresh token, also one from the store', async () => {
    const save = vi.fn();
    const api = fakeApi(server().answer, { store: { load: () => 'stored', save } });
    await api.client.revokeSession();
    expect(api.to('/sessions/revoke')[0]?.body).toEqual({ refreshToken: 'stored' });
    expect(save).toHaveBeenCalledWith(undefined);
  });

  it.each([false, true])(
    'is not undone by a refresh in flight (its answer came: %s)',
    async (deaf) => {
      let answerRefresh: ((reply: Reply) => void) | undefined;
      const { answer } = server({
        refreshes: () =>
          new Promise((resolve) => {
            answerRefresh = resolve;
          }),
      });
      const save = vi.fn();
      const api = fakeApi(answer, { store: { load: () => undefined, save } }, { deaf });
      await api.client.logIn(password);
      api.pass(900);
      const waiting = api.client.readAccount();
      await vi.waitFor(() => expect(answerRefresh).toBeDefined());
      const out = api.client.revokeSession();
      answerRefresh?.({ status: 201, body: bodyTokens('1') });
      await out;
      await expect(waiting).rejects.toThrow(Aborted);
      expect(await api.client.getAccessToken()).toBeUndefined();
      expect(save).toHaveBeenLastCalledWith(undefined);
    },
  );

  it('succeeds in cookie mode when the session has already ended', async () => {
    const api = fakeApi(() => unauthenticated, { tokens: 'cookie' });
    await expect(api.client.revokeSession()).resolves.toBeUndefined();
  });
});

describe('aborting', () => {
  it('beforehand makes a call wait for no refresh', async () => {
    const api = fakeApi(() => 'silence', { tokens: 'cookie' });
    const call = api.client.readAccount({ signal: AbortSignal.abort() });
    await expect(call).rejects.toThrow(Aborted);
  });

  it('one call does not abort the refresh that other calls wait for', async () => {
    const { answer } = server({
      refreshes: async (before) => {
        await later();
        return { status: 201, body: bodyTokens(`${before + 1}`) };
      },
    });
    const api = fakeApi(answer);
    await api.client.logIn(password);
    api.pass(900);
    const stop = new AbortController();
    const mine = api.client.readAccount({ signal: stop.signal });
    const other = api.client.listSessions();
    stop.abort();
    await expect(mine).rejects.toThrow(Aborted);
    await expect(other).resolves.toBeDefined();
    expect(api.to(refresh)).toHaveLength(1);
    expect(api.to('/account')).toHaveLength(0);
  });
});
