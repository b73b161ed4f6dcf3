import { randomInt } from 'node:crypto';
import { inject } from 'vitest';
import type { ProblemCode } from '#core/model/problems.ts';
import type { StageConfig } from '../../../lib/config/stage-config.ts';
import { local } from '../../../lib/config/stages/local.ts';
import type { LocalClock } from '../../../local/clock.ts';
import { type ServeOptions, type Serving, serve } from '../../../local/serve.ts';
import type { Template } from '../../../local/template/template.ts';
import { nationalId, phone as newPhone, unique } from '../fakes/builders.ts';
import { waitUntil } from '../wait-until.ts';
import { contractRecorder } from './api-contract.ts';
import type { TestRun } from './test-run.ts';

/** What came back: any field may be asked for, a test says which it expects. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers are JSON of every shape, and tests assert it
  readonly body: any;
}

interface CallOptions {
  readonly token?: string;
  readonly language?: 'ar' | 'en';
  /** The caller's address; another one for each call by default, so that no test spends another's budget. */
  readonly address?: string;
  readonly headers?: Record<string, string>;
  /** What stands before the API, without a slash at the end; the local cloud itself by default. */
  readonly via?: string;
}

export interface Person {
  readonly username: string;
  readonly password: string;
  readonly nationalId: string;
  readonly phone: string;
}

export const termsVersion = '2026-11';
export const password = 'حصان أزرق يقرأ كتابا';

const someAddress = () => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;
export const username = () =>
  `u${unique()
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 20)}`;

export type World = Awaited<ReturnType<typeof openWorld>>;

/**
 * The local stage for tests that are not about logging in: a password is enough, and may be typed as often as they like.
 * What ships is `local` itself.
 */
export const passwordAlone: StageConfig = {
  ...local,
  secondFactor: 'never',
  limits: { ...local.limits, loginsPerAccountAndHour: 10_000, loginsPerAccountAndDay: 10_000 },
};

/** The benchmarks open a world as well, on their own. */
const testRun = process.env['VITEST'] ? inject('testRun') : undefined;

/** What a run's worlds share: synthesising takes seconds of both cores. */
async function sharedParts({ templates, dynamodb, codeCache }: TestRun, config: StageConfig) {
  const answer = await fetch(templates, { method: 'POST', body: JSON.stringify(config) });
  if (!answer.ok) throw new Error(await answer.text());
  return { templates: (await answer.json()) as Template[], dynamodb, codeCache };
}

/** Milliseconds. No file of tests takes so long. */
const longest = 180_000;

const hour = 3_600_000;

/** To the beginning of the next hour, whose budgets nobody has touched. */
export const toNextHour = (clock: LocalClock): void =>
  clock.set(Math.ceil(clock.now() / hour) * hour);

/** Budgets are by the hour and the day: what uses one up is not to find the next one half-way through. */
function stayWithinAnHour(clock: LocalClock): void {
  if (hour - (clock.now() % hour) < longest) toNextHour(clock);
}

/** The whole system, as `npm start` runs it, and the hands of the people who use it. */
export async function openWorld({
  config = passwordAlone,
  dynamodb,
}: Pick<ServeOptions, 'config' | 'dynamodb'> = {}) {
  const logged: string[] = [];
  const serving: Serving = await serve({
    port: 0,
    config,
    ...(testRun && (await sharedParts(testRun, config))),
    ...(dynamodb !== undefined && { dynamodb }),
    hooks: {},
    log: { entry: ({ line }) => logged.push(line), sms: () => undefined },
  });
  const { cloud, clock, inbox } = serving;
  // Tests count calls and seconds: a cold start would add its own.
  await cloud.functionsReady();
  stayWithinAnHour(clock);
  const contract = contractRecorder(testRun?.reached);

  async function request(method: string, path: string, options: CallOptions, body?: string) {
    const response = await fetch(`${options.via ?? serving.url}/v1${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        'accept-language': options.language ?? 'en',
        'x-forwarded-for': options.address ?? someAddress(),
        ...(options.token && { authorization: `Bearer ${options.token}` }),
        ...options.headers,
      },
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    const answer: Answer = {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
    contract.check(method, path, answer);
    return answer;
  }

  const get = (path: string, options: CallOptions = {}) => request('GET', path, options);
  const del = (path: string, options: CallOptions = {}, body?: unknown) =>
    request('DELETE', path, options, body === undefined ? undefined : JSON.stringify(body));
  const post = (path: string, body: unknown, options: CallOptions = {}) =>
    request('POST', path, options, JSON.stringify(body));
  /** A body as it is, JSON or not. */
  const postRaw = (path: string, body: string, options: CallOptions = {}) =>
    request('POST', path, options, body);

  /** Waits for the n-th SMS to a phone. */
  async function sms(phone: string, n = 1): Promise<string> {
    return waitUntil(() => inbox.messages(phone)[n - 1]?.body, `SMS ${n} did not arrive`);
  }

  const code = async (phone: string, n = 1) => /#(\d{6})$/.exec(await sms(phone, n))?.[1] ?? '';

  /** A code that is not the right one. */
  const wrongCode = (right: string) => String((Number(right) + 1) % 10 ** 6).padStart(6, '0');

  /** Proves a phone: up to the ticket of a registration. */
  async function registrationTicket(phone: string, n = 1): Promise<string> {
    const started = await post('/registrations', { phone });
    const { id } = started.body.challenge;
    const verified = await post(`/challenges/${id}/verify`, { code: await code(phone, n) });
    return verified.body.ticket;
  }

  const registration = (ticket: string, { phone: _, ...person }: Person) => ({
    ticket,
    termsVersion,
    ...person,
  });

  const someone = (partial: Partial<Person> = {}): Person => ({
    username: username(),
    password,
    nationalId: nationalId(),
    phone: newPhone(),
    ...partial,
  });

  /** Somebody who has an account. */
  async function subscriber(partial: Partial<Person> = {}): Promise<Person> {
    const person = someone(partial);
    const ticket = await registrationTicket(person.phone);
    const answer = await post('/registrations/complete', registration(ticket, person));
    if (answer.status !== 201) throw new Error(`No account: ${JSON.stringify(answer.body)}`);
    return person;
  }

  /** Logs in as far as a password goes. */
  const typePassword = (
    { username, password }: Pick<Person, 'username' | 'password'>,
    { device, ...options }: CallOptions & { readonly device?: string } = {},
  ) => post('/sessions', { username, password, device }, options);

  /** The codes of logins that a phone has got so far: what else it is told comes in between. */
  const loginCodes = (phone: string | undefined) =>
    inbox.messages(phone).flatMap(({ body }) => {
      const [, code] = /(?:log in|الدخول).*#(\d{6})$/s.exec(body) ?? [];
      return code === undefined ? [] : [code];
    });

  /** The ticket of a login that is the n-th to send a code to its phone. */
  async function loginTicket({ body }: Answer, { phone }: Person, n = 1): Promise<string> {
    const { id } = body.challenge;
    const code = await waitUntil(() => loginCodes(phone)[n - 1], `Login code ${n} did not arrive`);
    return (await post(`/challenges/${id}/verify`, { code })).body.ticket;
  }

  /** Logs in, with the code of the SMS that comes where one is due. */
  async function logIn(person: Pick<Person, 'username' | 'password'> & Partial<Person>) {
    const before = loginCodes(person.phone).length;
    const answer = await typePassword(person);
    if (answer.status !== 202) return answer;
    const ticket = await loginTicket(answer, person as Person, before + 1);
    return post('/sessions/complete', { ticket });
  }

  /** A reset up to its ticket. */
  async function resetTicket(person: Person, n = 2): Promise<string> {
    const { username, nationalId } = person;
    const started = await post('/password-resets', { username, nationalId });
    const { id } = started.body.challenge;
    await post(`/challenges/${id}/send`, {});
    const typed = await code(person.phone, n);
    return (await post(`/challenges/${id}/verify`, { code: typed })).body.ticket;
  }

  return {
    serving,
    cloud,
    clock,
    inbox,
    logged,
    get,
    del,
    post,
    postRaw,
    sms,
    code,
    wrongCode,
    someone,
    registrationTicket,
    registration,
    subscriber,
    logIn,
    typePassword,
    loginTicket,
    resetTicket,
    close: async () => {
      await serving.stop();
      contract.close();
    },
  };
}

/** What an answer is, in a word: its status, or the code of its problem. */
export const outcome = ({ status, body }: Answer): number | ProblemCode | 'phone-first' =>
  body?.passwordDue ? 'phone-first' : (body?.code ?? status);
