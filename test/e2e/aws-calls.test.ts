import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { totpCode, totpStep } from '#core/crypto/totp.ts';
import { local } from '../../lib/config/stages/local.ts';
import type { AwsCall } from '../../local/aws/aws-endpoint.ts';
import { capacityUnits, type Units } from '../support/world/capacity-units.ts';
import { codeTexts, owners } from '../support/world/owner.ts';
import { relyingService } from '../support/world/relying-service.ts';
import { roundTrips } from '../support/world/round-trips.ts';
import { type Answer, openWorld, type Person, type World } from '../support/world/world.ts';

let world: World;
let person: Person;
let measure: ReturnType<typeof capacityUnits>;
beforeAll(async () => {
  world = await openWorld({ config: local });
  measure = capacityUnits(world.cloud);
  person = await world.subscriber();
});
afterAll(() => world.close());

/** Functions that read the stream. Their calls belong to no request. */
const readers = ['sms-sender', 'event-publisher'];

interface Count {
  readonly answer: Answer;
  /** Operations in the order they were called, without those of the stream's readers. */
  readonly operations: string[];
  readonly cost: Cost;
}

/** What a request costs. `sequence`: round trips that happen one after another. */
interface Cost extends Units {
  readonly calls: number;
  readonly sequence: number;
}

interface Call {
  readonly operation: string;
  readonly from: number;
  to: number;
  units: Units;
}

/**
 * Counts the AWS calls that the deployed bundle makes for one request. Each answer is delayed for a moment, so that
 * parallel calls visibly overlap.
 */
async function count(request: () => Promise<Answer>): Promise<Count> {
  const calls: Call[] = [];
  const open = new Map<AwsCall, { call: Call; measured: ReturnType<typeof measure> }>();
  const { hooks } = world.cloud;
  hooks.onCall = async (call) => {
    if (readers.includes(call.functionName) || isRemembered(call)) return;
    const { operation } = call;
    const units = { reads: Number.NaN, writes: Number.NaN };
    const record = { operation, from: performance.now(), to: Infinity, units };
    calls.push(record);
    const measured = measure(call);
    open.set(call, { call: record, measured });
    await measured;
  };
  hooks.onAnswer = async (call, answer) => {
    const counted = open.get(call);
    if (counted) counted.call.units = await (await counted.measured)(answer);
    await sleep(40);
    if (counted) counted.call.to = performance.now();
  };
  const answer = await request();
  delete hooks.onCall;
  delete hooks.onAnswer;
  const total = (unit: keyof Units) => calls.reduce((sum, { units }) => sum + units[unit], 0);
  return {
    answer,
    operations: calls.map(({ operation }) => operation),
    cost: {
      calls: calls.length,
      sequence: roundTrips(calls),
      reads: total('reads'),
      writes: total('writes'),
    },
  };
}

/**
 * A function reads the breaker every ten seconds, and the public keys of proofs every ten minutes, during any request. These
 * reads are left out.
 */
function isRemembered({ actions }: AwsCall): boolean {
  const keys = actions.flatMap(({ context }) => context?.['dynamodb:LeadingKeys'] ?? []);
  return keys.length > 0 && keys.every((key) => /^(breaker|public-key)#/.test(key));
}

/** What docs/costs.md says about each flow. */
const documented = readDocumented();
const asserted = new Set<string>();

function readDocumented(): Map<string, Cost> {
  const text = readFileSync(new URL('../../docs/costs.md', import.meta.url), 'utf8');
  const rows = text.split('\n').filter((line) => /^\| .* \| \d/.test(line));
  return new Map(
    rows.map((row) => {
      const [, flow = '', ...cells] = row.split('|').map((cell) => cell.trim());
      const [calls = 0, sequence = 0, reads = 0, writes = 0] = cells.slice(0, 4).map(Number);
      return [flow, { calls, sequence, reads, writes }];
    }),
  );
}

/** Holds a request to its row in docs/costs.md. */
function expectCost(flow: string, { cost }: Count): void {
  asserted.add(flow);
  expect({ flow, ...cost }).toEqual({ flow, ...documented.get(flow) });
}

const newPassword = 'another fine passphrase';

/** Operations of parallel calls arrive in any order. */
const sorted = ({ operations }: Count): string[] => operations.toSorted();

/** A subscriber who is logged in, with the calls of the account's pages. */
async function loggedIn() {
  const owner = await world.subscriber();
  const { accessToken: token, refreshToken } = (await world.logIn(owner)).body.tokens;
  const post = (path: string, body: unknown) =>
    count(() => world.post(`/account/${path}`, body, { token }));
  return { owner, token, refreshToken, post };
}

/** Holds a request to its status and its row. */
async function expectFlow(flow: string, status: number, request: Promise<Count>): Promise<Count> {
  const counted = await request;
  expect({ flow, status: counted.answer.status }).toEqual({ flow, status });
  expectCost(flow, counted);
  return counted;
}

it('to say whether a flow worked takes no AWS call', async () => {
  const said = () => count(() => world.post('/feedback', { flow: 'login', worked: true }));
  expect((await expectFlow('say whether a flow worked', 204, said())).operations).toEqual([]);
});

describe('the AWS calls of a registration', () => {
  // The money comes before the transaction: all registrations share its counter, and would conflict in it.
  it('are 3 to start it (address, money, challenge), 1 to verify a right code, 1 to extend its ticket, and 5 to complete it', async () => {
    const newcomer = world.someone();
    const starting = count(() => world.post('/registrations', { phone: newcomer.phone }));
    const start = await expectFlow('start a registration', 202, starting);
    expect(start.operations).toEqual(['UpdateItem', 'UpdateItem', 'TransactWriteItems']);
    const { id } = start.answer.body.challenge;

    const code = await world.code(newcomer.phone);
    const verifying = count(() => world.post(`/challenges/${id}/verify`, { code }));
    const verify = await expectFlow('verify a right code', 200, verifying);
    expect(verify.operations).toEqual(['UpdateItem']);

    const { ticket } = verify.answer.body;
    const extending = count(() => world.post('/tickets/extend', { ticket }));
    const extended = await expectFlow('extend a ticket', 200, extending);
    expect(extended.operations).toEqual(['UpdateItem']);

    const body = world.registration(extended.answer.body.ticket, newcomer);
    const completing = count(() => world.post('/registrations/complete', body));
    const complete = await expectFlow('complete a registration', 201, completing);
    expect(complete.operations).toEqual([
      'UpdateItem',
      'TransactWriteItems',
      'AdminCreateUser',
      'AdminSetUserPassword',
      'TransactWriteItems',
    ]);
  });

  it('are one to count a wrong code, one that a right code makes too, then those of its ledgers in parallel', async () => {
    const newcomer = world.someone();
    const { body } = await world.post('/registrations', { phone: newcomer.phone });
    const code = world.wrongCode(await world.code(newcomer.phone));
    const path = `/challenges/${body.challenge.id}/verify`;
    const wrong = await expectFlow(
      'verify a wrong code',
      400,
      count(() => world.post(path, { code })),
    );
    // Two writes to the challenge, then the ledgers of address, phone, service and prefix.
    expect(wrong.operations).toEqual(Array(6).fill('UpdateItem'));
  });

  it('are two more in parallel with an Idempotency-Key, and only those two for a repeated request', async () => {
    const { phone } = world.someone();
    const headers = { 'idempotency-key': 'a key of sixteen letters at least'.replaceAll(' ', '-') };
    const start = () => count(() => world.post('/registrations', { phone }, { headers }));
    const first = await expectFlow('start a registration with a key', 202, start());
    const again = await expectFlow('repeat that start', 202, start());
    const looks = ['GetItem', 'GetItem'];
    const started = ['UpdateItem', 'UpdateItem', 'TransactWriteItems'];
    expect(first.operations).toEqual([...looks, ...started]);
    expect(again.operations).toEqual(looks);
    expect(again.answer.body).toEqual(first.answer.body);
  });

  it('are none if the body is invalid', async () => {
    const { operations } = await count(() => world.post('/registrations', { phone: 'nonsense' }));
    expect(operations).toEqual([]);
  });
});

describe('the AWS calls of a username reminder', () => {
  it('are the same five for a pair that belongs together and for one that does not', async () => {
    const { nationalId, phone } = await world.subscriber();
    const stranger = world.someone();
    for (const pair of [
      { nationalId, phone },
      { nationalId, phone: stranger.phone },
      { nationalId: stranger.nationalId, phone },
    ]) {
      const reminding = count(() => world.post('/username-reminders', pair));
      const { operations } = await expectFlow('ask for a forgotten username', 204, reminding);
      expect(operations.toSorted()).toEqual([
        'GetItem',
        'GetItem',
        'PutItem',
        'UpdateItem',
        'UpdateItem',
      ]);
      expect(operations.at(-1)).toBe('PutItem');
    }
  });
});

describe('the AWS calls of a password reset', () => {
  it('are the same for a known and an unknown person to start and send it, and 6 to complete it', async () => {
    const { username, nationalId, phone } = person;
    const begin = (pair: { username: string; nationalId: string }) =>
      expectFlow(
        'start a reset',
        202,
        count(() => world.post('/password-resets', pair)),
      );
    const known = await begin({ username, nationalId });
    const unknown = await begin({ username: 'nobody.like.this', nationalId });
    for (const start of [known, unknown]) {
      expect(sorted(start)).toEqual(['GetItem', 'TransactWriteItems', 'UpdateItem']);
      expect(start.operations.at(-1)).toBe('TransactWriteItems');
    }

    for (const { answer } of [known, unknown]) {
      const { id } = answer.body.challenge;
      const sending = count(() => world.post(`/challenges/${id}/send`, {}));
      const send = await expectFlow('send a reset', 202, sending);
      expect(send.operations).toEqual(['GetItem', 'TransactWriteItems']);
    }

    const { id } = known.answer.body.challenge;
    const reading = count(() => world.get(`/challenges/${id}`));
    const read = await expectFlow('read a challenge', 200, reading);
    expect(read.operations).toEqual(['GetItem']);

    const code = await world.code(phone, 2);
    const { ticket } = (await world.post(`/challenges/${id}/verify`, { code })).body;
    const body = { ticket, newPassword, confirmPassword: newPassword };
    const completing = count(() => world.post('/password-resets/complete', body));
    const complete = await expectFlow('complete a reset', 204, completing);
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

  it('are 4 to undo a change of phone', async () => {
    const hands = owners(world);
    const owner = await hands.owner();
    const ticket = await hands.phoneTicket(owner, world.someone().phone);
    await hands.act(owner, 'phone/complete', { ticket });
    const { username, nationalId, phone } = owner;
    const { challenge } = (await world.post('/password-resets', { username, nationalId })).body;
    await world.post(`/challenges/${challenge.id}/send`, {});
    const proof = await hands.ticketOf(challenge, phone, codeTexts.reset);
    const body = { ticket: proof, newPassword, confirmPassword: newPassword };
    const undoing = count(() => world.post('/password-resets/complete', body));
    const undone = await expectFlow('undo a change of phone', 200, undoing);
    expect(undone.answer.body.outcome).toBe('phone-restored');
    expect(undone.operations).toEqual([
      'UpdateItem',
      'GetItem',
      'TransactWriteItems',
      'AdminUserGlobalSignOut',
    ]);
  });

  // A further send is charged to an address as a start is. Its money is a second counter that must not be in a transaction.
  it('are 3 for a further send, known or unknown, and 4 for that of a registration, whose money it reserves', async () => {
    const { username, nationalId } = await world.subscriber();
    const further = (flow: string, id: string) => {
      world.clock.advance(local.limits.resendSeconds);
      return expectFlow(
        flow,
        202,
        count(() => world.post(`/challenges/${id}/send`, {})),
      );
    };
    for (const pair of [
      { username, nationalId },
      { username: 'nobody.like.this', nationalId },
    ]) {
      const { id } = (await world.post('/password-resets', pair)).body.challenge;
      await world.post(`/challenges/${id}/send`, {});
      const again = await further('send a reset again', id);
      expect(again.operations).toEqual(['GetItem', 'UpdateItem', 'TransactWriteItems']);
    }
    const { phone } = world.someone();
    const { id } = (await world.post('/registrations', { phone })).body.challenge;
    await world.code(phone);
    const again = await further('send a registration again', id);
    expect(again.operations).toEqual(['GetItem', 'UpdateItem', 'UpdateItem', 'TransactWriteItems']);
  });
});

describe('the AWS calls of a login whose tries are used up', () => {
  it('are 9 to ask for the phone, 3 for each send and 11 for a wrong app code, for a name that nobody has too', async () => {
    const person = await world.subscriber();
    for (const username of [person.username, 'nobody.like.these']) {
      const wrong = { username, password: 'not the right one' };
      while ((await world.typePassword(wrong)).status !== 202);
      const typing = count(() => world.typePassword(wrong));
      const asked = await expectFlow('ask for the phone first', 202, typing);
      expect(asked.answer.body.passwordDue).toBe(true);
      // The password's charges, then the start's, with the three ledgers that a send needs room in.
      expect(sorted(asked)).toEqual([
        ...Array(5).fill('GetItem'),
        'TransactWriteItems',
        ...Array(3).fill('UpdateItem'),
      ]);
      const { id } = asked.answer.body.challenge;
      const sending = count(() => world.post(`/challenges/${id}/send`, {}));
      const sent = await expectFlow('send a code to the phone first', 202, sending);
      expect(sent.operations).toEqual(['GetItem', 'UpdateItem', 'TransactWriteItems']);
      const code = { code: '123456', method: 'totp' };
      const guessing = count(() => world.post(`/challenges/${id}/verify`, code));
      const guess = await expectFlow('prove the phone first by a wrong app code', 400, guessing);
      // The attempt, the room in three ledgers, the unit, the account, and five counts of the wrong code.
      expect(sorted(guess)).toEqual([...Array(4).fill('GetItem'), ...Array(7).fill('UpdateItem')]);
    }
  });
});

describe('the AWS calls of a session', () => {
  it('are 6 to log in on a new device, 4 with a ticket or if refused, 4 for the second factor, and 4 on a remembered device', async () => {
    const newcomer = await world.subscriber();
    // The first login of a function also reads keys and breakers. The parallel return would then be over before.
    await world.typePassword(await world.subscriber());
    const typing = count(() => world.typePassword(newcomer));
    const typed = await expectFlow('log in on a new device', 202, typing);
    const tried = ['GetItem', 'UpdateItem', 'UpdateItem', 'AdminInitiateAuth'];
    const inOrder = ({ operations }: Count) => [
      ...operations.slice(0, 2).sort(),
      ...operations.slice(2),
    ];
    // The return of the address's unit, in parallel with the challenge.
    expect(inOrder(typed).slice(0, 4)).toEqual(tried);
    expect(typed.operations.slice(4).sort()).toEqual(['TransactWriteItems', 'UpdateItem']);
    for (const username of [newcomer.username, 'nobody.like.this']) {
      const wrong = await expectFlow(
        'log in with a wrong password',
        401,
        count(() => world.typePassword({ username, password: 'not the right one' })),
      );
      expect(inOrder(wrong)).toEqual(tried);
    }

    for (const nationalId of [newcomer.nationalId, world.someone().nationalId]) {
      const wrong = await expectFlow(
        'log in with a national ID and a wrong password',
        401,
        count(() => world.typePassword({ username: nationalId, password: 'not the right one' })),
      );
      expect(sorted(wrong)).toEqual([...tried, 'GetItem', 'UpdateItem'].toSorted());
    }

    const anew = world.someone();
    const opened = await world.registrationTicket(anew.phone);
    await world.post('/registrations/complete', world.registration(opened, anew));
    const byTicket = await expectFlow(
      'log in with the ticket of a registration',
      201,
      count(() =>
        world.post('/sessions', {
          username: anew.username,
          password: anew.password,
          ticket: opened,
        }),
      ),
    );
    expect(byTicket.operations).toEqual([
      'GetItem',
      'UpdateItem',
      'AdminInitiateAuth',
      'TransactWriteItems',
    ]);

    const ticket = await world.loginTicket(typed.answer, newcomer);
    const completing = count(() => world.post('/sessions/complete', { ticket, ownDevice: true }));
    const second = await expectFlow('complete a log-in, and remember the device', 201, completing);
    expect(sorted(second)).toEqual([
      'GetItem',
      'GetTokensFromRefreshToken',
      'TransactWriteItems',
      'UpdateItem',
    ]);

    const { secret: device } = second.answer.body.device;
    const onDevice = count(() => world.typePassword(newcomer, { device }));
    const login = await expectFlow('log in on a remembered device', 201, onDevice);
    expect(sorted(login)).toEqual([
      'AdminInitiateAuth',
      'GetItem',
      'TransactWriteItems',
      'UpdateItem',
    ]);
  });

  it('are 4 to refresh it, and 3 to log out', async () => {
    const { refreshToken } = await loggedIn();
    const refreshing = count(() => world.post('/sessions/refresh', { refreshToken }));
    const refresh = await expectFlow('refresh a session', 201, refreshing);
    // The first one reads the session and counts the refresh, the second rotates.
    expect(sorted(refresh)).toEqual([
      'GetItem',
      'GetTokensFromRefreshToken',
      'UpdateItem',
      'UpdateItem',
    ]);
    const newest = { refreshToken: refresh.answer.body.tokens.refreshToken };
    const revoking = count(() => world.post('/sessions/revoke', newest));
    const revoke = await expectFlow('log out', 204, revoking);
    expect(revoke.operations).toEqual(['GetItem', 'RevokeToken', 'TransactWriteItems']);
  });

  it('are 4 to refuse an old refresh token that comes from elsewhere, and 1 once the session is over', async () => {
    const { refreshToken } = await loggedIn();
    await world.post('/sessions/refresh', { refreshToken });
    world.clock.advance(12);
    const elsewhere = { headers: { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Firefox/133.0' } };
    const replay = () => count(() => world.post('/sessions/refresh', { refreshToken }, elsewhere));
    const first = await expectFlow('use an old refresh token elsewhere', 401, replay());
    expect(first.operations).toEqual([
      'UpdateItem',
      'GetItem',
      'TransactWriteItems',
      'RevokeToken',
    ]);
    expect((await replay()).operations).toEqual(['UpdateItem']);
  });

  it('are 3 in parallel to list all sessions, 5 to end one of them, and 6 to end the only other one', async () => {
    const { owner, token } = await loggedIn();
    const others = [await world.logIn(owner), await world.logIn(owner)];
    for (const other of others) expect(other.status).toBe(201);
    const listing = count(() => world.get('/account/sessions', { token }));
    const list = await expectFlow('list the sessions', 200, listing);
    expect(sorted(list)).toEqual(['GetItem', 'GetItem', 'Query']);

    const { sessions } = list.answer.body as { sessions: { id: string; current: boolean }[] };
    const other = sessions.find(({ current }) => !current)?.id;
    const ending = count(() => world.del(`/account/sessions/${other}`, { token }));
    const one = await expectFlow('end one session', 204, ending);
    const reads = ['GetItem', 'GetItem', 'GetItem'];
    expect(one.operations).toEqual([...reads, 'RevokeToken', 'TransactWriteItems']);
    const endingRest = count(() => world.del('/account/sessions', { token }));
    const rest = await expectFlow('end the other session', 204, endingRest);
    expect(rest.operations).toEqual([
      'GetItem',
      'GetItem',
      'Query',
      'Query',
      'RevokeToken',
      'TransactWriteItems',
    ]);
  });
});

describe('the AWS calls of an account', () => {
  it('are 1 to read it, and 7 to export it, 3 if that is refused', async () => {
    const { token } = await loggedIn();
    const reading = count(() => world.get('/account', { token }));
    const read = await expectFlow('read the account', 200, reading);
    expect(read.operations).toEqual(['GetItem']);
    const ask = () => count(() => world.get('/account/export', { token }));
    const first = await expectFlow('export the account', 200, ask());
    for (let n = 0; n < 4; n++) await ask();
    const asked = ['GetItem', 'GetItem', 'UpdateItem'];
    expect(first.operations).toEqual([...asked, 'TransactWriteItems', ...Array(3).fill('Query')]);
    const refused = await expectFlow('export the account too often', 429, ask());
    expect(refused.operations).toEqual(asked);
  });

  const asked = ['GetItem', 'GetItem', 'UpdateItem', 'AdminInitiateAuth'];

  it('are 10 to change the password', async () => {
    const { owner, post } = await loggedIn();
    const body = {
      currentPassword: owner.password,
      newPassword,
      confirmPassword: newPassword,
    };
    const changed = await expectFlow('change the password', 204, post('password', body));
    expect(changed.operations).toEqual([
      ...asked,
      'RevokeToken',
      'UpdateItem',
      'TransactWriteItems',
      'AdminSetUserPassword',
      'TransactWriteItems',
      'Query',
    ]);
  });

  it('are 8 to start a change of phone, which charges no phone or address before the password is right, and 4 to complete it', async () => {
    const { owner, post } = await loggedIn();
    const { phone } = world.someone();
    const change = (currentPassword: string) => post('phone', { phone, currentPassword });
    const wrong = await expectFlow(
      'start a change of phone with a wrong password',
      401,
      change('not the right one'),
    );
    expect(wrong.operations).toEqual(asked);
    const right = await expectFlow('start a change of phone', 202, change(owner.password));
    expect(right.operations).toEqual([
      ...asked,
      'RevokeToken',
      'UpdateItem',
      'UpdateItem',
      'TransactWriteItems',
    ]);
    const { challenge } = right.answer.body;
    const ticket = await owners(world).ticketOf(challenge, phone, codeTexts.phone);
    const moved = await expectFlow(
      'complete a change of phone',
      200,
      post('phone/complete', { ticket }),
    );
    expect(moved.operations).toEqual(['GetItem', 'GetItem', 'UpdateItem', 'TransactWriteItems']);
  });

  it('are 6 to start closing it, and as many as its items to close it', async () => {
    const { owner, post } = await loggedIn();
    const { password: currentPassword } = owner;
    const started = await expectFlow(
      'start closing the account',
      202,
      post('close', { currentPassword }),
    );
    expect(started.operations).toEqual([...asked, 'RevokeToken', 'TransactWriteItems']);
    const { challenge } = started.answer.body;
    const ticket = await owners(world).ticketOf(challenge, owner.phone, codeTexts.close);
    const closed = await expectFlow('close the account', 204, post('close/complete', { ticket }));
    expect(closed.operations.slice(0, 6)).toEqual([
      'GetItem',
      'GetItem',
      'UpdateItem',
      'UpdateItem',
      'AdminDeleteUser',
      'GetItem',
    ]);
  });

  it('are 5 to offer an app, 4 to confirm it, and 7 to renew recovery codes or to remove the app', async () => {
    const { owner, token, post } = await loggedIn();
    const { password: currentPassword } = owner;
    const offering = post('authenticators/totp', { currentPassword });
    const offer = await expectFlow('offer an authenticator app', 201, offering);
    expect(offer.operations).toEqual([...asked, 'RevokeToken']);

    const { secret, enrolment } = offer.answer.body;
    const code = totpCode(secret, totpStep(Math.floor(world.clock.now() / 1000)));
    const confirming = post('authenticators/totp/confirm', { enrolment, code });
    const confirmed = await expectFlow('confirm an authenticator app', 201, confirming);
    expect(confirmed.operations).toEqual([
      'GetItem',
      'GetItem',
      'UpdateItem',
      'TransactWriteItems',
    ]);

    const changed = [...asked, 'RevokeToken', 'UpdateItem', 'TransactWriteItems'];
    const renewing = post('recovery-codes', { currentPassword });
    const renewed = await expectFlow('renew recovery codes', 201, renewing);
    expect(renewed.operations).toEqual(changed);
    const removing = count(() =>
      world.del('/account/authenticators/totp', { token }, { currentPassword }),
    );
    const removed = await expectFlow('remove an authenticator app', 204, removing);
    expect(removed.operations).toEqual(changed);
  });

  it('are 3 to verify a right code of an app: the attempt is counted before the account is read', async () => {
    const { owner, post } = await loggedIn();
    const { password: currentPassword } = owner;
    const { secret, enrolment } = (await post('authenticators/totp', { currentPassword })).answer
      .body;
    const codeNow = () => totpCode(secret, totpStep(Math.floor(world.clock.now() / 1000)));
    await post('authenticators/totp/confirm', { enrolment, code: codeNow() });
    world.clock.advance(30);
    const { id } = (await world.typePassword(owner)).body.challenge;
    const verifying = count(() =>
      world.post(`/challenges/${id}/verify`, { code: codeNow(), method: 'totp' }),
    );
    const verified = await expectFlow('verify a right code of an app', 200, verifying);
    expect(verified.operations).toEqual(['UpdateItem', 'GetItem', 'TransactWriteItems']);
  });
});

describe('the AWS calls of a relying service', () => {
  it('are 2 to start a transaction, 2 more in parallel with a key, and 1 to introspect any ticket', async () => {
    const service = await relyingService(world);
    // The first request of a function also reads the keys.
    await service.introspect('made-up');
    const { phone } = world.someone();
    const starting = count(() => service.start({ phone }));
    const started = await expectFlow('start a transaction', 202, starting);
    expect(started.operations).toEqual(['UpdateItem', 'TransactWriteItems']);
    const keyedStart = { phone: world.someone().phone, key: randomUUID() };
    const keyed = await expectFlow(
      'start a transaction with a key',
      202,
      count(() => service.start(keyedStart)),
    );
    expect(keyed.operations).toEqual(['GetItem', 'GetItem', 'UpdateItem', 'TransactWriteItems']);
    const { id } = started.answer.body.challenge;
    const code = await world.code(phone);
    const { ticket } = (await world.post(`/challenges/${id}/verify`, { code })).body;
    for (const text of ['made-up', ticket, ticket]) {
      const told = await expectFlow(
        'introspect a ticket',
        200,
        count(() => service.introspect(text)),
      );
      expect(told.operations).toEqual(['UpdateItem']);
    }
  });
});

it('asserts every row of docs/costs.md', () => {
  expect([...documented.keys()].filter((flow) => !asserted.has(flow))).toEqual([]);
});
