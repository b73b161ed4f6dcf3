import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  Aborted,
  createClient,
  HawiyaError,
  HawiyaProblem,
  isProblem,
  NoAnswer,
  UnreadableAnswer,
} from '../../../client/src/index.ts';
import { operations } from '../../../client/src/operations.ts';
import { machine } from '../../../client/src/runtime.ts';
import { bodyTokens, fakeApi, problem, type Reply } from '../../support/fakes/api.ts';

const unavailable = problem(503, 'unavailable', { retryAfter: 1 });
const terms: Reply = { status: 200, body: { terms: { version: '2026-11' } } };
const challenge: Reply = { status: 202, body: { challenge: { id: 'c' } } };
const phone = { phone: '0551234567' };
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a problem', () => {
  const full = problem(400, 'code_incorrect', {
    title: 'الرمز غير صحيح',
    detail: 'بقيت ٣ محاولات',
    instance: 'urn:hawiya:request:1',
    attemptsLeft: 3,
    retryAfter: 7,
    errors: [{ path: 'code', message: 'x' }],
    reasons: ['too_short'],
    minimumLength: 12,
    methods: ['totp'],
  });

  it('is an error with a code and with all texts for the person', async () => {
    const { client } = fakeApi(() => full);
    const error = await failure(client.verifyChallenge({ id: 'c', code: '1' }));
    expect(error).toBeInstanceOf(HawiyaProblem);
    expect(error).toBeInstanceOf(HawiyaError);
    expect(error).toMatchObject({
      code: 'code_incorrect',
      status: 400,
      title: 'الرمز غير صحيح',
      detail: 'بقيت ٣ محاولات',
      attemptsLeft: 3,
      retryAfter: 7,
      errors: [{ path: 'code', message: 'x' }],
      reasons: ['too_short'],
      minimumLength: 12,
      methods: ['totp'],
      instance: 'urn:hawiya:request:1',
    });
    expect(isProblem(error)).toBe(true);
    expect(isProblem(error, 'code_incorrect')).toBe(true);
    expect(isProblem(error, 'challenge_locked')).toBe(false);
    expect(isProblem(new Error('code_incorrect'))).toBe(false);
  });

  it('of a later server version is "unknown", and still readable', async () => {
    const { client } = fakeApi(() => problem(418, 'teapot', { retryAfter: 2, lid: 'on' }));
    const error = await failure(client.readTerms());
    expect(error).toMatchObject({ code: 'unknown', status: 418, title: 'teapot', retryAfter: 2 });
    expect(error).toMatchObject({ document: { code: 'teapot', lid: 'on' } });
    expect(isProblem(error, 'unknown')).toBe(true);
  });

  it('takes the wait from the header when the body has none', async () => {
    const body = { type: 'about:blank', title: 't', status: 429, code: 'too_many_requests' };
    const { client } = fakeApi(() => ({ status: 429, retryAfter: 30, body }));
    expect(await failure(client.readTerms())).toMatchObject({ retryAfter: 30 });
  });
});

describe('an answer that is no problem document', () => {
  it.each([
    ['a page of a proxy', { status: 502, text: '<html>' }],
    ['JSON of another server', { status: 403, body: { message: 'Forbidden' } }],
    ['a page where an answer should be', { status: 200, text: '<html>' }],
    ['a value that is no object', { status: 200, text: '"ok"' }],
    ['a list', { status: 200, text: '[]' }],
    ['nothing, though not 204', { status: 200, text: '' }],
  ])('%s is an unreadable answer, with its status', async (_name, reply) => {
    const { client } = fakeApi(() => reply);
    const error = await failure(client.startRegistration(phone));
    expect(error).toBeInstanceOf(UnreadableAnswer);
    expect(error).toMatchObject({ status: reply.status });
  });

  it.each([
    ['an object without tokens', { status: 201, body: {} }],
    ['nothing', { status: 204 }],
  ])('%s in place of tokens is an unreadable answer to a refresh', async (_name, reply) => {
    const { client } = fakeApi(() => reply, { tokens: 'cookie' });
    expect(await failure(client.refreshSession())).toBeInstanceOf(UnreadableAnswer);
  });

  it('a broken connection is "no answer", with its cause', async () => {
    const { client } = fakeApi(() => 'network');
    const error = await failure(client.startRegistration(phone));
    expect(error).toBeInstanceOf(NoAnswer);
    expect(error).toMatchObject({ reason: 'network', cause: { message: 'fetch failed' } });
  });

  it('the text of an error contains nothing that was sent', async () => {
    for (const reply of ['network', { status: 502, text: 'x' }] as const) {
      const { client } = fakeApi(() => reply);
      const error = await failure(client.verifyChallenge({ id: 'secret-id', code: '876659' }));
      expect(`${(error as Error).stack}`).not.toMatch(/secret-id|876659/);
    }
  });
});

describe('a failure on the caller’s own side', () => {
  const cause = new Error('the keychain is locked');
  const fails = () => {
    throw cause;
  };
  const login: Reply = { status: 201, body: bodyTokens('a') };
  const person = { username: 'sara.q', password: 'x' };
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  const refreshed = (options: object) => fakeApi(() => login, options).client;

  it.each<[string, string, () => Promise<unknown>]>([
    [
      'a store that cannot save',
      'logIn',
      () => refreshed({ store: { load: () => undefined, save: fails } }).logIn(person),
    ],
    [
      'a store that cannot load',
      'refreshSession',
      () => refreshed({ store: { load: fails, save: () => {} } }).refreshSession(),
    ],
    [
      'a store that cannot load, for a call with a token',
      'readAccount',
      () => refreshed({ store: { load: fails, save: () => {} } }).readAccount(),
    ],
    [
      'a store that cannot load, for a token',
      'getAccessToken',
      () => refreshed({ store: { load: fails, save: () => {} } }).getAccessToken(),
    ],
    [
      'a store that cannot load, for an ID token',
      'getIdToken',
      () => refreshed({ store: { load: fails, save: () => {} } }).getIdToken(),
    ],
    [
      'a store that cannot load, at the log-out',
      'revokeSession',
      () => refreshed({ store: { load: fails, save: () => {} } }).revokeSession(),
    ],
    [
      'a language that cannot be told',
      'readTerms',
      () => refreshed({ language: fails }).readTerms(),
    ],
    [
      'keys that cannot be made',
      'startRegistration',
      () => refreshed({ uuid: fails }).startRegistration(phone),
    ],
    [
      'a service’s token that cannot be had',
      'introspectTicket',
      () => refreshed({ accessToken: fails }).introspectTicket({ ticket: 't' }),
    ],
    [
      'a lock that the browser refuses',
      'refreshSession',
      () =>
        refreshed({ tokens: 'cookie', runtime: { locks: { request: fails } } }).refreshSession(),
    ],
  ])('%s is a HawiyaError with its cause', async (_what, operation, call) => {
    const error = await failure(call());
    expect(error).toBeInstanceOf(HawiyaError);
    expect(error).toMatchObject({ name: 'HawiyaError', cause });
    expect(String(error)).toContain(operation);
  });

  it('an input that is no JSON is one too', async () => {
    const input = circular as unknown as typeof phone;
    expect(await failure(refreshed({}).startRegistration(input))).toBeInstanceOf(HawiyaError);
  });
});

describe('an idempotency key', () => {
  const uuid4 = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
  const keyOf = ({ received }: ReturnType<typeof fakeApi>) =>
    received[0]?.headers['idempotency-key'];
  const bytes = crypto;
  afterEach(() => vi.unstubAllGlobals());

  it('is a random UUID, also where there is no crypto.randomUUID', async () => {
    const getRandomValues = (into: Uint8Array<ArrayBuffer>) => bytes.getRandomValues(into);
    vi.stubGlobal('crypto', { getRandomValues });
    const keys = new Set<string>();
    for (let call = 0; call < 50; call += 1) {
      const api = fakeApi(() => challenge);
      await api.client.startRegistration(phone);
      expect(keyOf(api)).toMatch(uuid4);
      keys.add(String(keyOf(api)));
    }
    expect(keys.size).toBe(50);
  });

  it('comes from the option uuid where the app has one', async () => {
    vi.stubGlobal('crypto', undefined);
    const api = fakeApi(() => challenge, { uuid: () => 'key-of-the-app-0001' });
    await api.client.startRegistration(phone);
    expect(keyOf(api)).toBe('key-of-the-app-0001');
  });

  it('cannot be made without a source of randomness: the error names the option', async () => {
    vi.stubGlobal('crypto', undefined);
    const api = fakeApi(() => challenge);
    const error = await failure(api.client.startRegistration(phone));
    expect(error).toBeInstanceOf(HawiyaError);
    expect(String(error)).toContain('`uuid`');
    expect(api.received).toEqual([]);
  });
});

describe('trying again', () => {
  it.each([
    ['a connection that breaks', 'network' as const],
    ['unavailable', unavailable],
    ['502 of a proxy', { status: 502, text: '<html>' }],
    ['504 of the gateway', { status: 504, text: '' }],
  ])('a GET is repeated after %s, twice at most', async (_name, reply) => {
    const twice = fakeApi((_, before) => (before < 2 ? reply : terms));
    await expect(twice.client.readTerms()).resolves.toMatchObject({ terms: {} });
    const ever = fakeApi(() => reply);
    await expect(ever.client.readTerms()).rejects.toThrow(HawiyaError);
    expect(ever.received).toHaveLength(3);
    expect(ever.pending()).toBe(0);
  });

  it('waits for Retry-After plus a random time, whose range doubles each time', async () => {
    const { client, waits } = fakeApi(() => unavailable);
    await failure(client.readTerms());
    expect(waits).toEqual([1_000 + 0.5 * 1_000, 1_000 + 0.5 * 2_000]);
    const jitter = fakeApi(() => 'network', { runtime: { random: () => 0 } });
    await failure(jitter.client.readTerms());
    expect(jitter.waits).toEqual([0, 0]);
  });

  it('does not wait for longer than ten seconds: the person is told instead', async () => {
    const { client, waits, received } = fakeApi(() =>
      problem(503, 'unavailable', { retryAfter: 11 }),
    );
    expect(await failure(client.readTerms())).toMatchObject({ retryAfter: 11 });
    expect([waits, received.length]).toEqual([[], 1]);
  });

  it.each([
    ['a limit', problem(429, 'too_many_requests', { retryAfter: 1 })],
    ['a fault of the request', problem(400, 'invalid_request')],
    ['500', { status: 500, text: '' }],
    ['an answer that is no JSON', { status: 200, text: '<html>' }],
  ])('no call is repeated after %s', async (_name, reply) => {
    const { client, received } = fakeApi(() => reply);
    await failure(client.readTerms());
    expect(received).toHaveLength(1);
  });

  const unkeyed = Object.entries(operations).filter(
    ([name, row]) =>
      row.method !== 'GET' && !('keyed' in row) && !/^(refresh|revoke)Session$/.test(name),
  );
  it.each(unkeyed.map(([name]) => name))('%s has no key and is never repeated', async (name) => {
    for (const reply of ['network', unavailable] as const) {
      const api = fakeApi(() => reply, {
        store: { load: () => undefined, save: () => {} },
        accessToken: () => 'service',
      });
      const call = api.client[name as 'verifyChallenge'];
      await failure(call({ id: 'c', code: '1' }));
      expect(api.received).toHaveLength(1);
      expect(api.received[0]?.headers).not.toHaveProperty('idempotency-key');
    }
  });
});

const tries = Object.entries(operations)
  .filter(([, row]) => 'tries' in row)
  .map(([name]) => name);

describe('a call that counts a try', () => {
  it('is one that checks a password or a code', () => {
    expect(tries.toSorted()).toEqual([
      'changePassword',
      'completePasswordReset',
      'completePhoneChange',
      'confirmTotp',
      'logIn',
      'offerTotp',
      'removeTotp',
      'renewRecoveryCodes',
      'startClosing',
      'startPhoneChange',
      'verifyChallenge',
    ]);
  });

  it.each(tries)(
    '%s is sent once when its answer is lost: it may have been judged',
    async (name) => {
      for (const reply of ['network', { status: 504, text: '' }] as const) {
        const api = fakeApi(() => reply);
        await failure(api.client[name as 'verifyChallenge']({ id: 'c', code: '1' }));
        expect(api.received).toHaveLength(1);
      }
    },
  );

  it('waits for Retry-After before each of two repetitions while the directory is unavailable', async () => {
    const slow = problem(503, 'unavailable', { retryAfter: 5 });
    const { client, waits, received } = fakeApi(() => slow);
    await failure(client.logIn({ username: 'sara.q', password: 'x' }));
    expect(received).toHaveLength(3);
    expect(waits).toEqual([5_000 + 0.5 * 1_000, 5_000 + 0.5 * 2_000]);
  });
});

const keyed = Object.entries(operations)
  .filter(([, row]) => 'keyed' in row)
  .map(([name]) => name);

describe.skipIf(keyed.length === 0)('an Idempotency-Key', () => {
  const keysOf = ({ received }: ReturnType<typeof fakeApi>) =>
    received.map(({ headers }) => headers['idempotency-key']);

  it.each(keyed)(
    'of %s stays the same on each repetition, and differs between calls',
    async (name) => {
      const api = fakeApi(() => unavailable, { accessToken: () => 'service' });
      const call = api.client[name as 'verifyChallenge'];
      const input = { id: 'c', code: '1' };
      await failure(call(input));
      await failure(call(input));
      const keys = keysOf(api);
      expect(keys).toHaveLength(6);
      expect(new Set(keys.slice(0, 3)).size).toBe(1);
      expect(new Set(keys).size).toBe(2);
      expect(keys[0]).toMatch(/^[\da-f]{8}-/);
    },
  );

  it('may be chosen by the caller, for a call that continues after a reload', async () => {
    const api = fakeApi(() => challenge);
    const [name] = keyed as ['startRegistration'];
    await api.client[name](phone, { idempotencyKey: 'mine' });
    expect(keysOf(api)).toEqual(['mine']);
  });
});

describe('aborting', () => {
  it('ends a request in flight and leaves nothing pending', async () => {
    const { client, received, pending } = fakeApi(() => 'silence');
    const stop = new AbortController();
    const error = failure(client.readTerms({ signal: stop.signal }));
    await vi.waitFor(() => expect(pending()).toBe(1));
    stop.abort('left the page');
    expect(await error).toMatchObject({ name: 'AbortError', cause: 'left the page' });
    expect(await error).toBeInstanceOf(Aborted);
    expect([received.length, pending()]).toEqual([1, 0]);
  });

  it('sends nothing when the signal was aborted before', async () => {
    const { client, received } = fakeApi(() => terms);
    const error = await failure(client.readTerms({ signal: AbortSignal.abort() }));
    expect(error).toBeInstanceOf(Aborted);
    expect(received).toEqual([]);
  });

  describe('with timers', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    it('ends the wait for a repetition: nothing is sent and no timer is left', async () => {
      const stop = new AbortController();
      const { client, received } = fakeApi(() => unavailable, {
        runtime: { sleep: machine().sleep },
      });
      const error = failure(client.readTerms({ signal: stop.signal }));
      await vi.advanceTimersByTimeAsync(500);
      stop.abort();
      expect(await error).toBeInstanceOf(Aborted);
      expect(vi.getTimerCount()).toBe(0);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(received).toHaveLength(1);
    });

    it('an answer leaves no timer and no listener behind', async () => {
      const { signal } = new AbortController();
      const removed = vi.spyOn(signal, 'removeEventListener');
      const added = vi.spyOn(signal, 'addEventListener');
      await fakeApi(() => terms).client.readTerms({ signal });
      expect(vi.getTimerCount()).toBe(0);
      expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
    });

    it.each([
      ['15 seconds', {}, 15_000],
      ['its own', { timeout: 2_000 }, 2_000],
      ['30 seconds at most', { timeout: 90_000 }, 30_000],
    ])('an attempt is given up after %s', async (_name, options, milliseconds) => {
      const { client, pending } = fakeApi(() => 'silence');
      const error = failure(client.startPasswordReset({ username: 'u', nationalId: '1' }, options));
      await vi.advanceTimersByTimeAsync(milliseconds - 1);
      expect(pending()).toBeGreaterThan(0);
      await vi.advanceTimersByTimeAsync(90_000);
      expect(await error).toMatchObject({ name: 'NoAnswer', reason: 'timeout' });
      expect([pending(), vi.getTimerCount()]).toEqual([0, 0]);
    });
  });
});

describe('a request', () => {
  it('carries the current language and the headers of the app', async () => {
    let language: 'ar' | 'en' = 'ar';
    const { client, received } = fakeApi(() => terms, {
      language: () => language,
      headers: { 'user-agent': 'Sehhaty/3.2' },
    });
    await client.readTerms();
    language = 'en';
    await client.readTerms();
    expect(received.map(({ headers }) => headers['accept-language'])).toEqual(['ar', 'en']);
    expect(received[0]?.headers['user-agent']).toBe('Sehhaty/3.2');
  });

  it.each(['', '.', '..'])('reaches no other path through the id %j', async (id) => {
    const { client, received } = fakeApi(() => terms);
    await expect(client.sendChallenge({ id })).rejects.toThrow(HawiyaError);
    expect(received).toEqual([]);
  });

  it('escapes slashes and marks in an id', async () => {
    const { client, received } = fakeApi(() => challenge);
    await client.sendChallenge({ id: '../account?x#y' });
    expect(received[0]?.path).toBe('/challenges/..%2Faccount%3Fx%23y/send');
    expect(received[0]?.body).toEqual({});
  });

  it('calls the global fetch without a receiver', async () => {
    const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => Response.json({}));
    await createClient({ baseUrl: 'https://portal.test/v1/' }).readHealth();
    expect(spy.mock.calls[0]?.[0]).toBe('https://portal.test/v1/health');
    expect(spy.mock.calls[0]?.[1]).toMatchObject({ redirect: 'error', cache: 'no-store' });
    spy.mockRestore();
  });
});
