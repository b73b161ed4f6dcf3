import { randomInt } from 'node:crypto';
import { phone as newPhone } from '../../support/fakes/builders.ts';
import type { Reply, Send } from '../throughput/client.ts';
import {
  type Codes,
  loginOf,
  ok,
  type Subscriber,
  subscribeAll,
} from '../throughput/hawiya-flows.ts';

/** What people come for, of a hundred: most of them to log in, or with an app that refreshes its tokens. */
export const visitWeights = {
  'log in': 30,
  refresh: 30,
  account: 20,
  register: 8,
  'reset, not completed': 6,
  'unknown pair': 3,
  'wrong password': 3,
};

export type Visit = keyof typeof visitWeights;

export interface Visitors {
  /**
   * Makes all requests of a visit.
   * @returns the milliseconds of each
   * @throws Error if an answer is not the expected one
   */
  visit(kind: Visit): Promise<number[]>;
}

interface Session {
  readonly accessToken: string;
  readonly refreshToken: string;
}

const accounts = 24;

/** Opens the accounts that visits are about. */
export async function openVisitors(send: Send, codes: Codes): Promise<Visitors> {
  const people = await subscribeAll(send, codes, accounts);
  const sessions: Session[] = [];
  const anyone = () => people[randomInt(people.length)] as Subscriber;

  async function logIn(timed: Send): Promise<Session> {
    const { body } = ok(await timed('POST', '/sessions', { body: loginOf(anyone()) }), 201);
    return body.tokens as Session;
  }
  /** A session that no other visit uses at the moment. */
  const session = async (timed: Send) => sessions.shift() ?? logIn(timed);

  const visits: Record<Visit, (timed: Send) => Promise<unknown>> = {
    'log in': async (timed) => sessions.push(await logIn(timed)),
    async refresh(timed) {
      const { refreshToken } = await session(timed);
      const reply = await timed('POST', '/sessions/refresh', { body: { refreshToken } });
      sessions.push(ok(reply, 201).body.tokens);
    },
    async account(timed) {
      const { accessToken } = await logIn(timed);
      ok(await timed('GET', '/account', { token: accessToken }), 200);
    },
    async register(timed) {
      const phone = newPhone();
      const { body } = ok(await timed('POST', '/registrations', { body: { phone } }), 202);
      const path = `/challenges/${body.challenge.id}/verify`;
      const code = await codes.nth(phone, 1);
      const typo = String((Number(code) + 1) % 10 ** 6).padStart(6, '0');
      ok(await timed('POST', path, { body: { code: typo } }), 400);
      ok(await timed('POST', path, { body: { code } }), 200);
    },
    'reset, not completed': (timed) => reset(timed, anyone()),
    'unknown pair': (timed) => reset(timed, { ...anyone(), username: 'nobody.like.this' }),
    'wrong password': async (timed) => {
      const body = { ...loginOf(anyone()), password: 'not the right password' };
      ok(await timed('POST', '/sessions', { body }), 401);
    },
  };

  return {
    async visit(kind) {
      const times: number[] = [];
      await visits[kind](timedBy(send, times));
      return times;
    },
  };
}

async function reset(timed: Send, { username, nationalId }: Subscriber): Promise<void> {
  const started = await timed('POST', '/password-resets', { body: { username, nationalId } });
  const { id } = ok(started, 202).body.challenge;
  ok(await timed('POST', `/challenges/${id}/send`, { body: {} }), 202);
}

/** The same client, with the milliseconds of each request noted. */
function timedBy(send: Send, times: number[]): Send {
  return async (...sent): Promise<Reply> => {
    const startedAt = performance.now();
    const reply = await send(...sent);
    times.push(performance.now() - startedAt);
    return reply;
  };
}
