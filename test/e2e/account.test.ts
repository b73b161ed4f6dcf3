import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phone as somePhone } from '../support/fakes/builders.ts';
import { codeTexts, type Owner, owners } from '../support/world/owner.ts';
import { openTable } from '../support/world/table-scan.ts';
import { openWorld, outcome, termsVersion, type World } from '../support/world/world.ts';

let world: World;
let hands: ReturnType<typeof owners>;
beforeAll(async () => {
  world = await openWorld();
  hands = owners(world);
});
afterAll(() => world.close());

const newPassword = 'a passphrase nobody knows';

/** The types of the security events in the owner's export, oldest first. */
async function eventsOf({ token }: Pick<Owner, 'token'>): Promise<string[]> {
  const { body } = await world.get('/account/export', { token });
  return body.securityEvents.map(({ type }: { type: string }) => type);
}

describe('changing the password', () => {
  it('ends every other session at once, keeps this one, and tells the owner', async () => {
    const owner = await hands.owner();
    const other = await hands.logIn(owner);
    // Instants are whole seconds: a session opened within the same second is ended by its id.
    expect((await hands.changePassword(owner, newPassword)).status).toBe(204);

    expect((await hands.account(owner)).status).toBe(200);
    expect((await hands.refresh(owner)).status).toBe(201);
    expect(outcome(await hands.refresh(other))).toBe('unauthenticated');
    const sessions = await world.get('/account/sessions', { token: owner.token });
    expect(sessions.body.sessions).toMatchObject([{ current: true }]);
    const { password: currentPassword } = owner;
    expect(outcome(await hands.act(other, 'close', { currentPassword }))).toBe('unauthenticated');

    expect(outcome(await world.logIn(owner))).toBe('credentials_incorrect');
    expect((await world.logIn({ ...owner, password: newPassword })).status).toBe(201);
    await hands.smsLike(owner.phone, /password was changed/);
    expect(await eventsOf(owner)).toContain('password.changed');
  });

  it('does not protect the session it kept from a reset, which ends all of them', async () => {
    const owner = await hands.owner();
    await hands.changePassword(owner, newPassword);
    world.clock.advance(2);
    const { id } = (await world.post('/password-resets', owner2reset(owner))).body.challenge;
    await world.post(`/challenges/${id}/send`, {});
    const ticket = await hands.ticketOf({ id }, owner.phone, codeTexts.reset);
    const body = { ticket, newPassword: owner.password, confirmPassword: owner.password };
    expect((await world.post('/password-resets/complete', body)).status).toBe(204);
    expect(outcome(await hands.account(owner))).toBe('unauthenticated');
    expect(outcome(await hands.refresh(owner))).toBe('unauthenticated');
  });

  it('needs the current password, and allows ten tries an hour for it', async () => {
    const owner = await hands.owner();
    const tries = await Promise.all(
      Array.from({ length: 15 }, () => hands.changePassword(owner, newPassword, 'not this one')),
    );
    const outcomes = tries.map(outcome);
    expect(outcomes.filter((each) => each === 'credentials_incorrect')).toHaveLength(10);
    expect(outcomes.filter((each) => each === 'too_many_requests')).toHaveLength(5);
    // The login has a budget of its own. The directory's own lock is over in half a minute.
    world.clock.advance(60);
    expect((await world.logIn(owner)).status).toBe(201);
  });

  it('refuses a bad or a mistyped new password before any session ends', async () => {
    const owner = await hands.owner();
    const other = await hands.logIn(owner);
    const bad = await hands.changePassword(owner, `${owner.username}12345678`);
    expect(outcome(bad)).toBe('password_rejected');
    const typo = { currentPassword: owner.password, newPassword, confirmPassword: 'other' };
    expect(outcome(await hands.act(owner, 'password', typo))).toBe('invalid_request');
    expect((await hands.refresh(other)).status).toBe(201);
  });

  const owner2reset = ({ username, nationalId }: Owner) => ({ username, nationalId });
});

describe('changing the phone', () => {
  it('needs the password and a code to the new phone, and notifies the old phone', async () => {
    const owner = await hands.owner();
    const phone = somePhone();
    const wrong = { phone, currentPassword: 'not this one' };
    expect(outcome(await hands.act(owner, 'phone', wrong))).toBe('credentials_incorrect');
    expect(world.inbox.messages(phone)).toEqual([]);

    const ticket = await hands.phoneTicket(owner, phone);
    const changed = await hands.act(owner, 'phone/complete', { ticket });
    expect(changed.status).toBe(200);
    expect(changed.body.account.phone).toBe(`•••• ${phone.slice(-3)}`);
    expect((await hands.account(owner)).body.account.phone).toBe(`•••• ${phone.slice(-3)}`);
    await hands.smsLike(owner.phone, /phone of your health portal account was changed/);
    expect(await eventsOf(owner)).toContain('phone.changed');
    expect(outcome(await hands.act(owner, 'phone/complete', { ticket }))).toBe('ticket_invalid');
    const same = { phone, currentPassword: owner.password };
    expect(outcome(await hands.act(owner, 'phone', same))).toBe('invalid_request');
  });

  it('takes a slot on the new phone, which may be full, and frees the old phone’s when the hold ends', async () => {
    const full = await family(5);
    const [member] = full;
    if (!member) throw new Error('The family is empty');
    const stranger = await hands.owner();
    const body = { phone: member.phone, currentPassword: stranger.password };
    const { challenge } = (await hands.act(stranger, 'phone', body)).body;
    const [text] = await hands.smsLike(member.phone, /^.*most accounts.*$/);
    expect(text).not.toMatch(/\d{6}/);
    const guess = await world.post(`/challenges/${challenge.id}/verify`, { code: '123456' });
    expect(outcome(guess)).toBe('code_incorrect');

    const moved = await hands.phoneTicket(member, somePhone());
    expect((await hands.act(member, 'phone/complete', { ticket: moved })).status).toBe(200);
    // The slot stays for the way back.
    world.clock.advance(23 * 3600);
    const early = await hands.logIn(stranger);
    await hands.act(early, 'phone', body);
    await hands.smsLike(member.phone, /^.*most accounts.*$/, 1);
    world.clock.advance(3600);
    const late = await hands.logIn(stranger);
    const ticket = await hands.phoneTicket(late, member.phone);
    expect((await hands.act(late, 'phone/complete', { ticket })).status).toBe(200);
  });

  it('sends resets to the former phone for 24 hours, with the same answer, and none to the new one', async () => {
    const owner = await hands.owner();
    const phone = somePhone();
    const pair = { username: owner.username, nationalId: owner.nationalId };
    const ticket = await hands.phoneTicket(owner, phone);
    await hands.act(owner, 'phone/complete', { ticket });

    const held = await world.post('/password-resets', pair);
    expect(held.status).toBe(202);
    expect(held.body.challenge).toMatchObject({ destination: null, sent: false });
    const { id } = held.body.challenge;
    expect((await world.post(`/challenges/${id}/send`, {})).status).toBe(202);
    await hands.smsLike(owner.phone, codeTexts.reset);
    expect((await world.logIn(owner)).status).toBe(201);
    expect(world.inbox.messages(phone).filter(({ body }) => codeTexts.reset.test(body))).toEqual(
      [],
    );

    world.clock.advance(24 * 3600);
    const free = (await world.post('/password-resets', pair)).body.challenge;
    await world.post(`/challenges/${free.id}/send`, {});
    expect(await hands.ticketOf(free, phone, codeTexts.reset)).toEqual(expect.any(String));
  });

  it('blocks closing the account for 24 hours, and both phones get the notices of that time', async () => {
    const owner = await hands.owner();
    const phone = somePhone();
    const ticket = await hands.phoneTicket(owner, phone);
    await hands.act(owner, 'phone/complete', { ticket });
    const second = somePhone();
    const again = await hands.phoneTicket(owner, second);
    expect((await hands.act(owner, 'phone/complete', { ticket: again })).status).toBe(200);

    const { password: currentPassword } = owner;
    const refused = await hands.act(owner, 'close', { currentPassword });
    expect(outcome(refused)).toBe('too_many_requests');
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(24 * 3600 - 60);
    expect(seconds).toBeLessThanOrEqual(24 * 3600);
    expect((await hands.changePassword(owner, newPassword)).status).toBe(204);
    // The phone before the first move gets the notice, even after further moves.
    for (const each of [owner.phone, second]) await hands.smsLike(each, /password was changed/);
    const { account } = (await world.get('/account/export', { token: owner.token })).body;
    expect(account).toMatchObject({ phone: second, formerPhone: owner.phone });

    world.clock.advance(24 * 3600);
    const back = await hands.logIn({ ...owner, password: newPassword, phone: second });
    const later = (await world.get('/account/export', { token: back.token })).body.account;
    expect(later).toMatchObject({ phone: second });
    expect(later).not.toHaveProperty('formerPhone');
    const last = await hands.closingTicket(back);
    expect((await hands.act(back, 'close/complete', { ticket: last })).status).toBe(204);
    await hands.smsLike(second, /account was closed/);
    const told = world.inbox.messages(owner.phone).map(({ body }) => body);
    expect(told.filter((body) => /account was closed/.test(body))).toEqual([]);
  });

  it('accepts only the ticket of that change and that person', async () => {
    const [owner, thief] = [await hands.owner(), await hands.owner()];
    const phone = somePhone();
    const ticket = await hands.phoneTicket(owner, phone);
    expect(outcome(await hands.act(thief, 'phone/complete', { ticket }))).toBe('ticket_invalid');
    expect(outcome(await hands.act(owner, 'close/complete', { ticket }))).toBe('ticket_invalid');
    const registration = await world.registrationTicket(somePhone());
    const foreign = { ticket: registration };
    expect(outcome(await hands.act(owner, 'phone/complete', foreign))).toBe('ticket_invalid');
    expect((await hands.act(owner, 'phone/complete', { ticket })).status).toBe(200);
  });

  /** Opens that many accounts on one phone. */
  async function family(size: number): Promise<Owner[]> {
    const phone = somePhone();
    const members: Owner[] = [];
    for (let n = 1; n <= size; n++) {
      await openTable(world).remove('ledger#phone-registration');
      const person = world.someone({ phone });
      const ticket = await world.registrationTicket(phone, n);
      await world.post('/registrations/complete', world.registration(ticket, person));
      members.push(await hands.logIn(person));
    }
    return members;
  }
});

describe('closing the account', () => {
  it('erases the person’s data, and frees username, national ID and phone slot at once', async () => {
    const owner = await hands.owner();
    await hands.logIn(owner);
    const { sub } = claims(owner.token);
    const ticket = await hands.closingTicket(owner);
    const closed = await hands.act(owner, 'close/complete', { ticket });
    expect(closed.status).toBe(204);

    expect(outcome(await hands.account(owner))).toBe('unauthenticated');
    expect(outcome(await hands.refresh(owner))).toBe('unauthenticated');
    expect(outcome(await world.logIn(owner))).toBe('credentials_incorrect');
    await hands.smsLike(owner.phone, /account was closed/);
    const left = (await openTable(world).scan()).filter(
      (item) => JSON.stringify(item).includes(sub) && !item['pk']?.S?.startsWith('challenge#'),
    );
    expect(left).toMatchObject([
      { pk: { S: `event#${sub}` }, is_account_closed: { BOOL: true }, origin: nowhere },
    ]);

    const { username, nationalId } = owner;
    const again = await hands.owner({ username, nationalId });
    expect((await hands.account(again)).status).toBe(200);
    expect(outcome(await hands.account(owner))).toBe('unauthenticated');
    expect(outcome(await hands.act(owner, 'close/complete', { ticket }))).toBe('unauthenticated');
    expect((await world.logIn(again)).status).toBe(201);
  });

  it('needs the password, a code to the account’s phone, and a live session', async () => {
    const owner = await hands.owner();
    const wrong = { currentPassword: 'not this one' };
    expect(outcome(await hands.act(owner, 'close', wrong))).toBe('credentials_incorrect');
    expect(outcome(await hands.act(owner, 'close'))).toBe('invalid_request');
    const started = await hands.act(owner, 'close', { currentPassword: owner.password });
    expect(started.status).toBe(202);
    expect(started.body.challenge).toMatchObject({
      purpose: 'account-closing',
      destination: `•••• ${owner.phone.slice(-3)}`,
    });
    const none = { ticket: 'nonsense' };
    expect(outcome(await hands.act(owner, 'close/complete', none))).toBe('ticket_invalid');
    const ticket = await hands.ticketOf(started.body.challenge, owner.phone, codeTexts.close);
    await world.post('/sessions/revoke', { refreshToken: owner.refreshToken });
    expect(outcome(await hands.act(owner, 'close/complete', { ticket }))).toBe('unauthenticated');
    const back = await hands.logIn(owner);
    expect((await hands.act(back, 'close/complete', { ticket })).status).toBe(204);
  });
});

const nowhere = { M: { addressTag: { S: 'none' }, device: { S: 'Unknown' } } };

describe('the export', () => {
  it('holds all data of the person and none of others, and is recorded as an event', async () => {
    const owner = await hands.owner();
    const other = await hands.owner();
    await hands.logIn(owner);
    const { status, headers, body } = await world.get('/account/export', { token: owner.token });
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({
      schema: 1,
      account: {
        username: owner.username,
        phone: owner.phone,
        nationalId: `1•••••• ${owner.nationalId.slice(-2)}`,
        audience: 'individual',
        language: 'en',
        recoveryCodesLeft: 0,
      },
      consents: [{ termsVersion, language: 'en', acceptedAt: expect.any(String) }],
      devices: [],
    });
    expect(body.sessions).toHaveLength(2);
    expect(Object.keys(body.sessions[0])).not.toContain('directoryToken');
    const types = body.securityEvents.map(({ type }: { type: string }) => type);
    expect(types).toEqual(expect.arrayContaining(['session.started', 'data.exported']));
    const text = JSON.stringify(body);
    for (const foreign of [other.username, other.phone, owner.nationalId]) {
      expect(text).not.toContain(foreign);
    }
    expect(text).not.toContain(claims(other.token).sub);
  });

  it('is made five times an hour for an account, and a refusal says how long to wait', async () => {
    const owner = await hands.owner();
    const other = await hands.owner();
    const ask = ({ token }: Owner) => world.get('/account/export', { token });
    const many = await Promise.all(Array.from({ length: 40 }, () => ask(owner)));
    expect(many.filter(({ status }) => status === 200)).toHaveLength(5);
    const refused = many.filter((answer) => outcome(answer) === 'too_many_requests');
    expect(refused).toHaveLength(35);
    const seconds = Number(refused[0]?.headers.get('retry-after'));
    expect(seconds).toBe(refused[0]?.body.retryAfter);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(3600);
    expect((await ask(other)).status).toBe(200);

    world.clock.advance(3600);
    const { body } = await ask(await hands.logIn(owner));
    const types = body.securityEvents.map(({ type }: { type: string }) => type);
    expect(types.filter((type: string) => type === 'data.exported')).toHaveLength(6);
  });
});

describe('new terms', () => {
  it('are announced and accepted once, and the old acceptance is kept with its time', async () => {
    const owner = await hands.owner();
    expect((await hands.account(owner)).body.account).toMatchObject({
      termsVersion,
      termsOutdated: false,
    });
    await openTable(world).setText('account', 'termsVersion', '2025-01');
    expect((await hands.account(owner)).body.account).toMatchObject({
      termsVersion: '2025-01',
      termsOutdated: true,
    });
    const old = await hands.act(owner, 'terms', { termsVersion: '2025-01' });
    expect(outcome(old)).toBe('terms_outdated');
    for (const _ of [1, 2]) {
      const accepted = await hands.act(owner, 'terms', { termsVersion });
      expect(accepted.status).toBe(200);
      expect(accepted.body.account).toMatchObject({ termsVersion, termsOutdated: false });
    }
    const { body } = await world.get('/account/export', { token: owner.token });
    expect(body.consents).toEqual([
      { termsVersion: '2025-01', language: 'en', acceptedAt: expect.any(String) },
      { termsVersion, language: 'en', acceptedAt: expect.any(String) },
    ]);
    const types = body.securityEvents.map(({ type }: { type: string }) => type);
    expect(types.filter((type: string) => type === 'terms.accepted')).toHaveLength(1);
  });
});

it('an ended session can neither change nor export the account', async () => {
  const owner = await hands.owner();
  await world.post('/sessions/revoke', { refreshToken: owner.refreshToken });
  const { password, token } = owner;
  const passwords = { currentPassword: password, newPassword, confirmPassword: newPassword };
  const bodies: Record<string, object> = {
    password: passwords,
    phone: { phone: somePhone(), currentPassword: password },
    'phone/complete': { ticket: 'any' },
    terms: { termsVersion },
    close: { currentPassword: password },
    'close/complete': { ticket: 'any' },
  };
  for (const [path, body] of Object.entries(bodies)) {
    expect([path, outcome(await hands.act(owner, path, body))]).toEqual([path, 'unauthenticated']);
  }
  expect(outcome(await world.get('/account/export', { token }))).toBe('unauthenticated');
});

const claims = (token: string): { sub: string } =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
