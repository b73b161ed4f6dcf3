import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { typeOf } from '../../lambdas/adapters/dynamodb/event-record.ts';
import { phone as somePhone } from '../support/fakes/builders.ts';
import { codeTexts, owners } from '../support/world/owner.ts';
import { openTable } from '../support/world/table-scan.ts';
import {
  type Answer,
  openWorld,
  outcome,
  type Person,
  type World,
} from '../support/world/world.ts';

let world: World;
let hands: ReturnType<typeof owners>;
beforeAll(async () => {
  world = await openWorld();
  hands = owners(world);
});
afterAll(() => world.close());
afterEach(() => {
  world.cloud.hooks.onCall = undefined;
  world.cloud.hooks.onAnswer = undefined;
});

type Moment = 'onCall' | 'onAnswer';

/** Kills the function at its n-th AWS call: before AWS receives the call, or before the function hears the answer. */
async function dyingAt(
  n: number,
  moment: Moment,
  request: () => Promise<Answer>,
  flow = 'account-security',
) {
  let calls = 0;
  world.cloud.hooks[moment] = async ({ functionName, operation }) => {
    if (functionName !== flow || operation === 'GetSecretValue') return;
    calls += 1;
    if (calls === n) await world.cloud.kill(flow);
  };
  const answer = await request();
  world.cloud.hooks[moment] = undefined;
  return answer;
}

/**
 * Crash points: before each call from `from` on, and after the last one. A crash after one call equals a crash before
 * the next. The reads before `from` change nothing.
 */
const deaths = (from: number, last: number): [number, Moment][] => [
  ...Array.from({ length: last - from + 1 }, (_, i): [number, Moment] => [from + i, 'onCall']),
  [last, 'onAnswer'],
];

// Two reads, the ticket, the closing mark, the user, a read, three queries, a session, three events, the transaction.
const lastThatCounts = 14;
// Three more queries look for records that were written meanwhile.
const callsOfClosing = 17;

describe('a closing whose function dies', () => {
  it.each(deaths(3, callsOfClosing))(
    'ends in no account and one event when retried with its ticket, after a crash at call %i (%s)',
    async (n, moment) => {
      const owner = await hands.owner();
      await hands.logIn(owner);
      const ticket = await hands.closingTicket(owner);
      const complete = () => hands.act(owner, 'close/complete', { ticket });

      const died = await dyingAt(n, moment, complete);
      expect(outcome(died)).toBe('unavailable');
      const again = await complete();

      // After the last call that counts, the closing is done and the session has ended.
      const wasDone = n > lastThatCounts;
      expect(outcome(again)).toBe(wasDone ? 'unauthenticated' : 204);
      expect(outcome(await world.logIn(owner))).toBe('credentials_incorrect');
      expect(await eventsOf(owner, /./)).toEqual(['account.closed']);
      const told = /account was closed/;
      await hands.smsLike(owner.phone, told);
      const notices = world.inbox.messages(owner.phone).filter((sms) => told.test(sms.body));
      expect(notices).toHaveLength(1);
      const { username, nationalId } = owner;
      const next = await hands.owner({ username, nationalId });
      expect((await hands.account(next)).status).toBe(200);
    },
  );

  it.each([
    ['before its user was deleted', 5],
    ['after its user was deleted', 6],
  ])(
    'has sent its notice, opens nothing and can be undone by a reset, after a crash %s',
    async (_, n) => {
      const owner = await hands.owner();
      const ticket = await hands.closingTicket(owner);
      await dyingAt(n, 'onCall', () => hands.act(owner, 'close/complete', { ticket }));
      await hands.smsLike(owner.phone, /account was closed/);
      for (const path of ['close', 'password', 'phone/complete']) {
        const body = path === 'phone/complete' ? { ticket } : passwordsOf(owner, path);
        expect([path, outcome(await hands.act(owner, path, body))]).toEqual([
          path,
          'unauthenticated',
        ]);
      }
      expect(outcome(await hands.account(owner))).toBe('unauthenticated');
      expect(outcome(await world.logIn(owner))).toBe('credentials_incorrect');
      world.clock.advance(2);
      const reset = await resetTicket(owner);
      const passwords = { newPassword: owner.password, confirmPassword: owner.password };
      await world.post('/password-resets/complete', { ticket: reset, ...passwords });
      expect(outcome(await hands.act(owner, 'close/complete', { ticket }))).toBe('unauthenticated');
      const back = await hands.logIn(owner);
      const anew = await hands.closingTicket(back);
      expect((await hands.act(back, 'close/complete', { ticket: anew })).status).toBe(204);
      // The former user's events are erased as well.
      expect(await eventsOf(owner, /^(?!account\.closed)/)).toEqual([]);
    },
  );

  // Calls: the ticket, a read; a deleted, a new and a bound user; the record, password, sign-out, the record.
  it.each(deaths(3, 9))(
    'leaves no old password and no old session when the reset that undoes it crashes at call %i (%s)',
    async (n, moment) => {
      const owner = await hands.owner();
      const closing = await hands.closingTicket(owner);
      await dyingAt(5, 'onCall', () => hands.act(owner, 'close/complete', { ticket: closing }));
      world.clock.advance(2);
      const ticket = await resetTicket(owner);
      const newPassword = 'a passphrase nobody knows';
      const body = { ticket, newPassword, confirmPassword: newPassword };
      const complete = () => world.post('/password-resets/complete', body);

      expect(outcome(await dyingAt(n, moment, complete, 'password-reset'))).toBe('unavailable');
      expect(outcome(await world.logIn(owner))).toBe('credentials_incorrect');
      expect(outcome(await hands.account(owner))).toBe('unauthenticated');
      expect(outcome(await hands.refresh(owner))).toBe('unauthenticated');

      const wasDone = n === 9 && moment === 'onAnswer';
      expect(outcome(await complete())).toBe(wasDone ? 'ticket_invalid' : 204);
      // The reset has cancelled the closing: what it had not erased yet stays.
      const late = await hands.act(owner, 'close/complete', { ticket: closing });
      expect(outcome(late)).toBe('unauthenticated');
      expect(await eventsOf(owner, /^session\.started$/)).toHaveLength(1);
      const back = await hands.logIn({ ...owner, password: newPassword });
      expect((await hands.account(back)).status).toBe(200);
      expect(await eventsOf(back, /^password\.reset$/)).toHaveLength(1);
    },
  );

  async function resetTicket({ username, nationalId, phone }: Person): Promise<string> {
    const { challenge } = (await world.post('/password-resets', { username, nationalId })).body;
    await world.post(`/challenges/${challenge.id}/send`, {});
    return hands.ticketOf(challenge, phone, codeTexts.reset);
  }

  const passwordsOf = ({ password: currentPassword }: { password: string }, path: string) =>
    path === 'close'
      ? { currentPassword }
      : { currentPassword, newPassword: 'any that is new', confirmPassword: 'any that is new' };
});

describe('a change of phone whose function dies', () => {
  it.each(deaths(3, 4))(
    'ends on the new phone when retried, and notifies the old phone once, after a crash at call %i (%s)',
    async (n, moment) => {
      const owner = await hands.owner();
      const phone = somePhone();
      const ticket = await hands.phoneTicket(owner, phone);
      const complete = () => hands.act(owner, 'phone/complete', { ticket });

      const died = await dyingAt(n, moment, complete);
      expect(outcome(died)).toBe('unavailable');
      const again = await complete();

      const wasDone = n === 4 && moment === 'onAnswer';
      expect(outcome(again)).toBe(wasDone ? 'ticket_invalid' : 200);
      const { body } = await hands.account(owner);
      expect(body.account.phone).toBe(`•••• ${phone.slice(-3)}`);
      const told = /phone of your health portal account was changed/;
      await hands.smsLike(owner.phone, told);
      const notices = world.inbox.messages(owner.phone).filter((sms) => told.test(sms.body));
      expect(notices).toHaveLength(1);
      expect(outcome(await complete())).toBe('ticket_invalid');
    },
  );
});

describe('a change of password whose function dies', () => {
  // Calls: two reads, a budget, the password check, its token's revocation, a budget, the record, password, the record.
  it.each(deaths(3, 9))(
    'leaves one working password, and no change without an event, after a crash at call %i (%s)',
    async (n, moment) => {
      const owner = await hands.owner();
      const newPassword = 'a passphrase nobody knows';
      const change = () => hands.changePassword(owner, newPassword);
      expect(outcome(await dyingAt(n, moment, change))).toBe('unavailable');

      const passwords = [owner.password, newPassword];
      const logins = await Promise.all(
        passwords.map((password) => world.logIn({ ...owner, password })),
      );
      const works = logins.findIndex(({ status }) => status === 201);
      expect(logins.filter(({ status }) => status === 201)).toHaveLength(1);
      const events = await eventsOf(owner, /^password\.changed$/);
      if (passwords[works] === newPassword) expect(events.length).toBeGreaterThan(0);
      // The session that made the change lives on.
      const third = 'a passphrase that comes third';
      const again = await hands.changePassword(owner, third, passwords[works]);
      expect(again.status).toBe(204);
    },
  );
});

/** Types of the stored events of a user. */
async function eventsOf({ token }: { token: string }, types: RegExp): Promise<string[]> {
  const own = await openTable(world).itemsOf(`event#${userIdOf(token)}`);
  return own.map((item) => typeOf(item) ?? '').filter((type) => types.test(type));
}

const userIdOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')).sub;
