import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { local } from '../../lib/config/stages/local.ts';
import { codeTexts, owners } from '../support/world/owner.ts';
import { relyingService } from '../support/world/relying-service.ts';
import { type Answer, openWorld, type Person, type World } from '../support/world/world.ts';

let world: World;
let person: Person;
beforeAll(async () => {
  world = await openWorld({ config: local });
  person = await world.subscriber();
});
afterAll(() => world.close());

/** Functions that read the stream. Their calls belong to no request. */
const readers = ['sms-sender', 'event-publisher'];

interface Count {
  readonly answer: Answer;
  /** Operations in the order they were called, without those of the stream's readers. */
  readonly operations: string[];
  /** Round trips that happen one after another. */
  readonly sequence: number;
}

/**
 * Counts the AWS calls that the deployed bundle makes for one request. Each answer is delayed for a moment, so that
 * parallel calls visibly overlap.
 */
async function count(request: () => Promise<Answer>): Promise<Count> {
  const calls: { operation: string; from: number; to: number }[] = [];
  const open = new Map<unknown, (typeof calls)[number]>();
  const { hooks } = world.cloud;
  hooks.onCall = (call) => {
    // A function reads the breaker every ten seconds, and the public keys of proofs every ten minutes, during any
    // request. These reads are left out.
    const resources = call.actions.flatMap(
      ({ context }) => context?.['dynamodb:LeadingKeys'] ?? [],
    );
    const remembered =
      resources.length > 0 && resources.every((key) => /^(breaker|public-key)#/.test(key));
    if (readers.includes(call.functionName) || remembered) return;
    const record = { operation: call.operation, from: performance.now(), to: Infinity };
    calls.push(record);
    open.set(call, record);
  };
  hooks.onAnswer = async (call) => {
    await sleep(40);
    const record = open.get(call);
    if (record) record.to = performance.now();
  };
  const answer = await request();
  delete hooks.onCall;
  delete hooks.onAnswer;
  return { answer, operations: calls.map(({ operation }) => operation), sequence: rounds(calls) };
}

/** The longest chain of calls in which each call began after the previous one had ended. */
function rounds(calls: { from: number; to: number }[]): number {
  let length = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const { from, to } of [...calls].sort((a, b) => a.to - b.to)) {
    if (from < until) continue;
    length += 1;
    until = to;
  }
  return length;
}

describe('the AWS calls of a request', () => {
  // The money comes before the transaction: all registrations share its counter, and would conflict in it.
  it('starting a registration makes 3 calls (address, money, challenge), verifying a right code exactly 1, completing it 5', async () => {
    const newcomer = world.someone();
    const start = await count(() => world.post('/registrations', { phone: newcomer.phone }));
    expect(start.operations).toEqual(['UpdateItem', 'UpdateItem', 'TransactWriteItems']);
    const { id } = start.answer.body.challenge;

    const code = await world.code(newcomer.phone);
    const verify = await count(() => world.post(`/challenges/${id}/verify`, { code }));
    expect(verify.answer.status).toBe(200);
    expect(verify.operations).toEqual(['UpdateItem']);

    const body = world.registration(verify.answer.body.ticket, newcomer);
    const complete = await count(() => world.post('/registrations/complete', body));
    expect(complete.answer.status).toBe(201);
    expect(complete.operations).toEqual([
      'UpdateItem',
      'TransactWriteItems',
      'AdminCreateUser',
      'AdminSetUserPassword',
      'TransactWriteItems',
    ]);
  });

  it('starting a reset makes 3 calls, 2 in sequence, and sending 2, known or unknown; completing it makes 6', async () => {
    const { username, nationalId, phone } = person;
    const known = await count(() => world.post('/password-resets', { username, nationalId }));
    const other = { username: 'nobody.like.this', nationalId };
    const unknown = await count(() => world.post('/password-resets', other));
    for (const { operations, sequence } of [known, unknown]) {
      expect(operations.toSorted()).toEqual(['GetItem', 'TransactWriteItems', 'UpdateItem']);
      expect(operations.at(-1)).toBe('TransactWriteItems');
      expect(sequence).toBe(2);
    }

    for (const { answer } of [known, unknown]) {
      const { id } = answer.body.challenge;
      const send = await count(() => world.post(`/challenges/${id}/send`, {}));
      expect(send.answer.status).toBe(202);
      expect(send.operations).toEqual(['GetItem', 'TransactWriteItems']);
    }

    const { id } = known.answer.body.challenge;
    const code = await world.code(phone, 2);
    const { ticket } = (await world.post(`/challenges/${id}/verify`, { code })).body;
    const newPassword = 'another fine passphrase';
    const body = { ticket, newPassword, confirmPassword: newPassword };
    const complete = await count(() => world.post('/password-resets/complete', body));
    expect(complete.answer.status).toBe(204);
    expect(complete.operations).toEqual([
      'UpdateItem',
      'GetItem',
      'TransactWriteItems',
      'AdminSetUserPassword',
      'AdminUserGlobalSignOut',
      'TransactWriteItems',
    ]);
    person = { ...person, password: newPassword };
  });

  it('undoing a change of phone makes 4 calls', async () => {
    const hands = owners(world);
    const owner = await hands.owner();
    const ticket = await hands.phoneTicket(owner, world.someone().phone);
    await hands.act(owner, 'phone/complete', { ticket });
    const { username, nationalId, phone } = owner;
    const { challenge } = (await world.post('/password-resets', { username, nationalId })).body;
    await world.post(`/challenges/${challenge.id}/send`, {});
    const proof = await hands.ticketOf(challenge, phone, codeTexts.reset);
    const newPassword = 'another fine passphrase';
    const body = { ticket: proof, newPassword, confirmPassword: newPassword };
    const undone = await count(() => world.post('/password-resets/complete', body));
    expect(undone.answer.body.outcome).toBe('phone-restored');
    expect(undone.operations).toEqual([
      'UpdateItem',
      'GetItem',
      'TransactWriteItems',
      'AdminUserGlobalSignOut',
    ]);
  });

  it('a login makes 5 calls on a new device, 4 if refused, 4 for its second factor, 4 on a remembered device (2 in sequence)', async () => {
    const newcomer = await world.subscriber();
    const typed = await count(() => world.typePassword(newcomer));
    expect(typed.answer.status).toBe(202);
    const tried = ['GetItem', 'UpdateItem', 'UpdateItem', 'AdminInitiateAuth'];
    expect([...typed.operations.slice(0, 2).sort(), ...typed.operations.slice(2)]).toEqual([
      ...tried,
      'TransactWriteItems',
    ]);
    for (const name of [newcomer.username, 'nobody.like.this']) {
      const wrong = await count(() =>
        world.typePassword({ username: name, password: 'not the right one' }),
      );
      expect(wrong.answer.status).toBe(401);
      expect([...wrong.operations.slice(0, 2).sort(), ...wrong.operations.slice(2)]).toEqual(tried);
      expect(wrong.sequence).toBe(3);
    }

    const ticket = await world.loginTicket(typed.answer, newcomer);
    const second = await count(() =>
      world.post('/sessions/complete', { ticket, rememberDevice: true }),
    );
    expect(second.answer.status).toBe(201);
    expect(second.operations.toSorted()).toEqual([
      'GetItem',
      'GetTokensFromRefreshToken',
      'TransactWriteItems',
      'UpdateItem',
    ]);
    expect(second.sequence).toBe(3);

    const { secret: device } = second.answer.body.device;
    const login = await count(() => world.typePassword(newcomer, { device }));
    expect(login.answer.status).toBe(201);
    expect(login.operations.toSorted()).toEqual([
      'AdminInitiateAuth',
      'GetItem',
      'TransactWriteItems',
      'UpdateItem',
    ]);
    expect(login.sequence).toBe(2);
  });

  it('a refresh makes 4 calls, 3 in sequence; a log-out makes 3; reading the account makes 1', async () => {
    const { tokens } = (await world.logIn(await world.subscriber())).body;
    const account = await count(() => world.get('/account', { token: tokens.accessToken }));
    expect(account.operations).toEqual(['GetItem']);
    const { refreshToken } = tokens;
    const refresh = await count(() => world.post('/sessions/refresh', { refreshToken }));
    expect(refresh.answer.status).toBe(201);
    // The first one reads the session and counts the refresh, the second rotates.
    expect(refresh.operations.toSorted()).toEqual([
      'GetItem',
      'GetTokensFromRefreshToken',
      'UpdateItem',
      'UpdateItem',
    ]);
    expect(refresh.sequence).toBe(3);
    const newest = { refreshToken: refresh.answer.body.tokens.refreshToken };
    const revoke = await count(() => world.post('/sessions/revoke', newest));
    expect(revoke.operations.toSorted()).toEqual(['GetItem', 'RevokeToken', 'TransactWriteItems']);
  });

  it('an export makes 7 calls, 4 in sequence; a refused export makes 3', async () => {
    const { tokens } = (await world.logIn(await world.subscriber())).body;
    const ask = () => count(() => world.get('/account/export', { token: tokens.accessToken }));
    const [first] = [await ask(), await ask(), await ask(), await ask(), await ask()];
    expect(first.answer.status).toBe(200);
    const asked = ['GetItem', 'GetItem', 'UpdateItem'];
    expect(first.operations).toEqual([...asked, 'TransactWriteItems', ...Array(3).fill('Query')]);
    expect(first.sequence).toBe(4);
    const refused = await ask();
    expect(refused.answer.status).toBe(429);
    expect(refused.operations).toEqual(asked);
  });

  it('starting a change of phone makes 8 calls, one of them for its money, and charges no phone or address before the password is right', async () => {
    const owner = await world.subscriber();
    const { tokens } = (await world.logIn(owner)).body;
    const ask = (currentPassword: string) =>
      count(() => {
        const body = { phone: world.someone().phone, currentPassword };
        return world.post('/account/phone', body, { token: tokens.accessToken });
      });
    const wrong = await ask('not the right one');
    const asked = ['GetItem', 'GetItem', 'UpdateItem', 'AdminInitiateAuth'];
    expect([wrong.answer.status, wrong.operations]).toEqual([401, asked]);
    const right = await ask(owner.password);
    expect(right.answer.status).toBe(202);
    expect(right.operations).toEqual([
      ...asked,
      'RevokeToken',
      'UpdateItem',
      'UpdateItem',
      'TransactWriteItems',
    ]);
    expect(right.sequence).toBe(7);
  });

  it('a wrong code makes one call to count it, one that a right code makes too, then those of its ledgers in parallel', async () => {
    const newcomer = world.someone();
    const { body } = await world.post('/registrations', { phone: newcomer.phone });
    const typed = world.wrongCode(await world.code(newcomer.phone));
    const wrong = await count(() =>
      world.post(`/challenges/${body.challenge.id}/verify`, { code: typed }),
    );
    // Two writes to the challenge, then the ledgers of address, phone, service and prefix.
    expect(wrong.operations).toEqual(Array(6).fill('UpdateItem'));
    expect(wrong.sequence).toBe(3);
  });

  it('an Idempotency-Key adds two parallel calls, and a repeated request makes only those two', async () => {
    const { phone } = world.someone();
    const headers = { 'idempotency-key': 'a key of sixteen letters at least'.replaceAll(' ', '-') };
    const start = () => count(() => world.post('/registrations', { phone }, { headers }));
    const [first, again] = [await start(), await start()];
    const looks = ['GetItem', 'GetItem'];
    const started = ['UpdateItem', 'UpdateItem', 'TransactWriteItems'];
    expect(first.operations).toEqual([...looks, ...started]);
    expect(first.sequence).toBe(4);
    expect([again.operations, again.sequence]).toEqual([looks, 1]);
    expect(again.answer.body).toEqual(first.answer.body);
  });

  it('a transaction makes 2 calls to start, 2 more in parallel with a key, and 1 to introspect any ticket', async () => {
    const service = await relyingService(world);
    // The first request of a function also reads the keys.
    await service.introspect('made-up');
    const { phone } = world.someone();
    const started = await count(() => service.start({ phone }));
    expect(started.operations).toEqual(['UpdateItem', 'TransactWriteItems']);
    const keyed = await count(() =>
      service.start({ phone: world.someone().phone, key: randomUUID() }),
    );
    expect(keyed.operations).toEqual(['GetItem', 'GetItem', 'UpdateItem', 'TransactWriteItems']);
    expect(keyed.sequence).toBe(3);
    const { id } = started.answer.body.challenge;
    const code = await world.code(phone);
    const { ticket } = (await world.post(`/challenges/${id}/verify`, { code })).body;
    for (const text of ['made-up', ticket, ticket]) {
      const told = await count(() => service.introspect(text));
      expect(told.operations).toEqual(['UpdateItem']);
    }
  });

  // A further send is charged to an address as a start is. Its money is a second counter that must not be in a transaction.
  it('a further send makes 3 calls, known or unknown, and 4 for a registration, whose money it reserves', async () => {
    const { username, nationalId } = await world.subscriber();
    const further = async (id: string) => {
      world.clock.advance(local.limits.resendSeconds);
      const { answer, operations } = await count(() => world.post(`/challenges/${id}/send`, {}));
      expect(answer.status).toBe(202);
      return operations;
    };
    for (const pair of [
      { username, nationalId },
      { username: 'nobody.like.this', nationalId },
    ]) {
      const { id } = (await world.post('/password-resets', pair)).body.challenge;
      await world.post(`/challenges/${id}/send`, {});
      expect(await further(id)).toEqual(['GetItem', 'UpdateItem', 'TransactWriteItems']);
    }
    const { phone } = world.someone();
    const { id } = (await world.post('/registrations', { phone })).body.challenge;
    await world.code(phone);
    expect(await further(id)).toEqual([
      'GetItem',
      'UpdateItem',
      'UpdateItem',
      'TransactWriteItems',
    ]);
  });

  it('a request with an invalid body makes none', async () => {
    const { operations } = await count(() => world.post('/registrations', { phone: 'nonsense' }));
    expect(operations).toEqual([]);
  });
});
