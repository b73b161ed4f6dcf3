import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ClientOptions, createClient, isProblem, NoAnswer } from '../../client/src/index.ts';
import { local } from '../../lib/config/stages/local.ts';
import { waitUntil } from '../support/wait-until.ts';
import { contractRecorder } from '../support/world/api-contract.ts';
import { openWorld, type Person, type World } from '../support/world/world.ts';

let world: World;
const contract = contractRecorder();
beforeAll(async () => {
  world = await openWorld({ config: local });
});
afterAll(async () => {
  await world.close();
  contract.close();
});

/** Paths whose next answers get lost on the way back, in this order. */
const lose: string[] = [];
const lost: unknown[] = [];

const watchedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  const path = new URL(String(input)).pathname.replace('/v1', '');
  const text = await response.clone().text();
  const { status, headers } = response;
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  contract.check(init?.method ?? 'GET', path, { status, headers, body });
  if (lose[0] !== path) return response;
  lose.shift();
  lost.push(body);
  throw new TypeError('The answer got lost');
};

let address = 0;
/** Opens the client of an app at a new address. */
const open = (options: Partial<ClientOptions> = {}) =>
  createClient({
    baseUrl: `${world.serving.url}/v1`,
    language: 'en',
    headers: { 'x-forwarded-for': `10.9.8.${++address}`, 'user-agent': 'Sehhaty/3.2 (Android 15)' },
    fetch: watchedFetch,
    ...options,
  });
type Hawiya = ReturnType<typeof open>;

/** Waits until the phone has received `n` codes. @returns the n-th */
async function code(phone: string, n: number): Promise<string> {
  return waitUntil(() => {
    const codes = world.inbox.messages(phone).flatMap(({ body }) => {
      const [, found] = /#(\d{6})$/.exec(body) ?? [];
      return found === undefined ? [] : [found];
    });
    return codes[n - 1];
  }, `No code ${n}`);
}

async function register(app: Hawiya): Promise<Person> {
  const person = world.someone();
  const { phone, ...details } = person;
  const { challenge } = await app.startRegistration({ phone });
  const verified = await app.verifyChallenge({ id: challenge.id, code: await code(phone, 1) });
  const { ticket } = await app.extendTicket({ ticket: verified.ticket });
  const { terms } = await app.readTerms();
  await app.completeRegistration({ ticket, termsVersion: terms.version, ...details });
  return person;
}

/** @param n the number of the code among those the phone received */
async function logIn(app: Hawiya, { username, password, phone }: Person, n = 2): Promise<void> {
  const answer = await app.logIn({ username, password });
  if (!('challenge' in answer)) return;
  const { id } = answer.challenge;
  const { ticket } = await app.verifyChallenge({ id, code: await code(phone, n) });
  await app.completeLogin({ ticket });
}

describe('the client in Node', () => {
  it('registers, logs in, refreshes and logs out', async () => {
    const onSessionEnded = vi.fn();
    const app = open({ onSessionEnded });
    const person = await register(app);
    await logIn(app, person);
    expect((await app.readAccount()).account.username).toBe(person.username);
    await app.giveFeedback({ flow: 'login', worked: true });
    const first = await app.getAccessToken();
    const firstId = await app.getIdToken();
    expect(firstId).not.toBe(first);
    expect(await app.refreshSession()).toBe(true);
    expect(await app.getAccessToken()).not.toBe(first);
    expect(await app.getIdToken()).not.toBe(firstId);
    const { sessions } = await app.listSessions();
    expect(sessions).toMatchObject([{ current: true, device: expect.stringContaining('Sehhaty') }]);
    await app.revokeSession();
    await expect(app.readAccount()).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await app.refreshSession()).toBe(false);
    expect(onSessionEnded).not.toHaveBeenCalled();
  });

  it('resets a password, which ends the session of another device and tells its app', async () => {
    const onSessionEnded = vi.fn();
    const elsewhere = open({ onSessionEnded });
    const person = await register(elsewhere);
    await logIn(elsewhere, person);
    // A login in the same second as a reset may read for its 15 minutes: instants are whole seconds (decision 17).
    world.clock.advance(1);

    const app = open();
    const { username, nationalId, phone } = person;
    await app.remindUsername({ nationalId, phone });
    const { challenge } = await app.startPasswordReset({ username, nationalId });
    await app.sendChallenge({ id: challenge.id });
    const { ticket } = await app.verifyChallenge({ id: challenge.id, code: await code(phone, 3) });
    const newPassword = 'نجمة بعيدة عن المدينة';
    await app.completePasswordReset({ ticket, newPassword, confirmPassword: newPassword });

    await expect(elsewhere.readAccount()).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(onSessionEnded).toHaveBeenCalledTimes(1);
    await logIn(app, { ...person, password: newPassword }, 4);
    expect((await app.readAccount()).account.username).toBe(username);
  });

  it('throws a typed problem in the language of the call', async () => {
    const app = open({ language: 'ar' });
    const { phone } = world.someone();
    const { challenge } = await app.startRegistration({ phone });
    const wrong = world.wrongCode(await code(phone, 1));
    const error = await app
      .verifyChallenge({ id: challenge.id, code: wrong })
      .catch((reason: unknown) => reason);
    if (!isProblem(error, 'code_incorrect')) throw error;
    expect(error).toMatchObject({ status: 400, attemptsLeft: 4, title: 'الرمز غير صحيح' });
  });

  it('renews an expired access token once for all parallel calls', async () => {
    const app = open();
    await logIn(app, await register(app));
    const first = await app.getAccessToken();
    world.clock.advance(901);
    const answers = await Promise.all(Array.from({ length: 5 }, () => app.readAccount()));
    expect(new Set(answers.map(({ account }) => account.username)).size).toBe(1);
    expect(await app.getAccessToken()).not.toBe(first);
  });

  it('keeps the session when the answer of a refresh is lost', async () => {
    const onSessionEnded = vi.fn();
    const app = open({ onSessionEnded });
    await logIn(app, await register(app));
    lose.push('/sessions/refresh');
    expect(await app.refreshSession()).toBe(true);
    expect(lose).toEqual([]);
    expect(await app.refreshSession()).toBe(true);
    expect(onSessionEnded).not.toHaveBeenCalled();
  });

  it('sends one SMS when the answer of a registration is lost, and its code verifies', async () => {
    const app = open();
    const { phone } = world.someone();
    lose.push('/registrations');
    const { challenge } = await app.startRegistration({ phone });
    expect(lost.at(-1)).toMatchObject({ challenge: { id: challenge.id } });
    const typed = await code(phone, 1);
    await expect(app.verifyChallenge({ id: challenge.id, code: typed })).resolves.toMatchObject({
      ticket: expect.any(String),
    });
    expect(world.inbox.messages(phone)).toHaveLength(1);
  });

  it('gets the same challenge when a call is repeated with its key after a page reload', async () => {
    const { phone } = world.someone();
    const idempotencyKey = crypto.randomUUID();
    const before = await open().startRegistration({ phone }, { idempotencyKey });
    const after = await open().startRegistration({ phone }, { idempotencyKey });
    expect(after.challenge.id).toBe(before.challenge.id);
  });

  it('throws NoAnswer when the server cannot be reached', async () => {
    const app = open({ baseUrl: 'http://localhost:9/v1', fetch, runtime: { random: () => 0 } });
    await expect(app.readTerms()).rejects.toThrow(NoAnswer);
  });
});
