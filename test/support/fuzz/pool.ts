import { setTimeout as sleep } from 'node:timers/promises';
import { relyingService } from '../world/relying-service.ts';
import type { World } from '../world/world.ts';
import { type Actor, actorOf, type Challenge, type Held } from './actors.ts';
import type { Case } from './request.ts';

/** The results of the requests so far, for later requests. The newest is last. */
export interface Pool {
  readonly world: World;
  readonly people: Actor[];
  readonly challenges: Challenge[];
  readonly tickets: Held[];
  readonly enrolments: Held[];
  readonly spent: string[];
  readonly expiredTokens: string[];
  readonly idempotencyKeys: string[];
  /** The newest request of each operation that had an idempotency key, to be sent again. */
  readonly keyed: Map<string, Case>;
  /** Access token of a relying service. */
  serviceToken: string;
}

export const emptyPool = (world: World): Pool => ({
  world,
  people: [],
  challenges: [],
  tickets: [],
  enrolments: [],
  spent: [],
  expiredTokens: [],
  idempotencyKeys: [],
  keyed: new Map(),
  serviceToken: '',
});

/** @param pick from 0 to 1 */
export const picked = <T>(from: readonly T[], pick: number): T | undefined =>
  from[Math.floor(pick * from.length)];

/** Takes one element out. Two requests with the same ticket are a case of their own. */
export function taken<T>(from: T[], pick: number, fits: (one: T) => boolean): T | undefined {
  const found = picked(from.filter(fits), pick);
  if (found !== undefined) from.splice(from.indexOf(found), 1);
  return found;
}

/**
 * The people of a run, each with a session and some with a remembered device. The access token of
 * one more person has expired: the clock is advanced for it.
 */
export async function peopledPool(world: World, count: number): Promise<Pool> {
  const pool = emptyPool(world);
  pool.expiredTokens.push((await newcomer(world)).token ?? '');
  world.clock.advance(20 * 60);
  pool.serviceToken = (await relyingService(world)).token;
  pool.people.push(...(await Promise.all(Array.from({ length: count }, () => newcomer(world)))));
  return pool;
}

/**
 * Keeps most people logged in during the run: many requests end sessions, few start one. A person
 * whose password is no longer known leaves the pool, and a new person joins.
 */
export async function keepLoggedIn(pool: Pool, running: () => boolean): Promise<void> {
  while (running()) {
    const actor = pool.people.find(({ token }) => token === undefined);
    if (actor) await loggedIn(pool, actor);
    else await sleep(20);
  }
}

async function loggedIn({ people, world }: Pool, actor: Actor): Promise<void> {
  people.splice(people.indexOf(actor), 1);
  people.push((await opened(world, actor)) ?? (await newcomer(world)));
}

/** The codes that came to a phone, or to any. Epoch milliseconds. */
export const codesOf = ({ world }: Pool, phone?: string) =>
  world.inbox.messages(phone).flatMap(({ phone, at, body }) => {
    const [code] = /(?<!\d)\d{6}(?!\d)/.exec(body) ?? [];
    return code === undefined ? [] : [{ phone, code, at: Date.parse(at) }];
  });

async function newcomer(world: World): Promise<Actor> {
  const actor = actorOf(await world.subscriber());
  return (await opened(world, actor)) ?? actor;
}

/** Logs a person in on a remembered device; undefined when the password has changed. */
async function opened(world: World, actor: Actor): Promise<Actor | undefined> {
  const since = world.clock.now();
  const answer = await world.typePassword(actor, { device: actor.devices.at(-1) ?? '' });
  if (answer.status >= 400) return undefined;
  const { tokens, device } = answer.body.tokens
    ? answer.body
    : await completed(world, actor, answer.body.challenge.id, since);
  if (device) actor.devices.push(device.secret);
  actor.token = tokens?.accessToken;
  actor.idToken = tokens?.idToken;
  if (tokens) actor.refreshTokens.push(tokens.refreshToken);
  return actor;
}

async function completed(world: World, { phone }: Actor, id: string, since: number) {
  const code = await codeSince(world, phone, since);
  const { body } = await world.post(`/challenges/${id}/verify`, { code });
  const completion = { ticket: body.ticket ?? 'none', ownDevice: true };
  return (await world.post('/sessions/complete', completion)).body;
}

/** The code of a login: its message ends with the code. A person with an app gets none, so this does not wait for long. */
async function codeSince(world: World, phone: string, since: number): Promise<string> {
  for (let i = 0; i < 200; i++) {
    const newer = world.inbox.messages(phone).filter(({ at }) => Date.parse(at) >= since);
    const [code] = newer.flatMap(({ body }) => /#(\d{6})$/.exec(body)?.[1] ?? []);
    if (code !== undefined) return code;
    await sleep(50);
  }
  return '000000';
}
