import { afterAll, beforeAll, expect, it } from 'vitest';
import { totpCode, totpStep } from '#core/crypto/totp.ts';
import { owners } from '../support/world/owner.ts';
import { relyingService } from '../support/world/relying-service.ts';
import { openTable } from '../support/world/table-scan.ts';
import { openWorld, password, type World } from '../support/world/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const newPassword = 'قمر ساطع فوق الجبل';

/** Enrols an app and resets with a recovery code. @returns the secrets and codes that were shown */
async function playSecondFactors(): Promise<string[]> {
  const person = await world.subscriber();
  const token = (await world.logIn(person)).body.tokens.accessToken;
  const totp = '/account/authenticators/totp';
  const offered = await world.post(totp, { currentPassword: person.password }, { token });
  const { secret, uri, enrolment } = offered.body;
  const now = () => Math.floor(world.clock.now() / 1000);
  const code = totpCode(secret, totpStep(now()));
  const confirmed = await world.post(`${totp}/confirm`, { enrolment, code }, { token });
  const { recoveryCodes } = confirmed.body;
  // The notice of the enrolment is the second SMS.
  await world.sms(person.phone, 2);
  const ticket = await world.resetTicket(person, 3);
  const next = totpCode(secret, totpStep(now()) + 1);
  const completion = { ticket, newPassword, confirmPassword: newPassword };
  const byCode = { method: 'recovery-code', code: recoveryCodes[0] };
  for (const secondFactor of [undefined, { method: 'totp', code: world.wrongCode(next) }, byCode]) {
    await world.post('/password-resets/complete', { ...completion, secondFactor });
  }
  const plain = recoveryCodes.map((shown: string) => shown.replaceAll('-', ''));
  return [secret, uri, enrolment, code, next, ...recoveryCodes, ...plain];
}

/** Changes a password and a phone, exports data, closes another account. @returns identifiers and secrets involved */
async function playAccount(): Promise<string[]> {
  const hands = owners(world);
  const owner = await hands.owner();
  const next = world.someone();
  await hands.changePassword(owner, next.password);
  const changed = { ...owner, password: next.password };
  const ticket = await hands.phoneTicket(changed, next.phone);
  await hands.act(owner, 'phone/complete', { ticket });
  await world.get('/account/export', { token: owner.token });
  // Another account: the moved one cannot be closed for a day, and keeps its former phone, sealed.
  const gone = await hands.owner();
  const last = await hands.closingTicket(gone);
  const closed = await hands.act(gone, 'close/complete', { ticket: last });
  expect(closed.status).toBe(204);
  const phones = [owner.phone, next.phone, gone.phone];
  return [
    ...phones.flatMap((phone) => [phone.slice(1), phone.slice(4)]),
    ...[owner, gone].flatMap((one) => [one.username, one.nationalId, one.refreshToken]),
    ticket,
    last,
  ];
}

/** Runs two transactions of a relying service: one told, one left open. @returns their texts, phones and secrets */
async function playTransactions(): Promise<string[]> {
  const service = await relyingService(world);
  const { phone } = world.someone();
  const display = 'Insulin pens 4471';
  const ticket = await service.ticket({ phone, display });
  expect((await service.introspect(ticket)).body).toMatchObject({ active: true, display });
  await service.introspect(ticket);
  const other = world.someone();
  const open = (
    await service.start({ phone: other.phone, display: 'أقلام إنسولين', language: 'ar' })
  ).body.challenge;
  const codes = [await world.code(phone), await world.code(other.phone)];
  await service.start({ phone: other.phone, purpose: 'insulin' });
  return [
    ticket,
    open.id,
    ...codes,
    display,
    'أقلام',
    'dispense',
    'insulin',
    ...[phone, other.phone].flatMap((number) => [number.slice(1), number.slice(4)]),
    service.token,
    service.client.clientSecret,
  ];
}

/** Collects the directory's refresh tokens as the functions send them. No client ever sees one. */
function watchDirectoryTokens(): Set<string> {
  const seen = new Set<string>();
  world.cloud.hooks.onCall = ({ request }) => {
    const { RefreshToken } = request as { RefreshToken?: string };
    if (RefreshToken) seen.add(RefreshToken);
  };
  return seen;
}

/** Runs all flows and their failures. @returns everything that must never appear in the clear */
async function playEverything(): Promise<string[]> {
  const directoryTokens = watchDirectoryTokens();
  const person = world.someone();
  const { phone, username, nationalId } = person;
  const registration = (await world.post('/registrations', { phone })).body.challenge;
  const code = await world.code(phone);
  const wrong = world.wrongCode(code);
  await world.post(`/challenges/${registration.id}/verify`, { code: wrong });
  const verified = await world.post(`/challenges/${registration.id}/verify`, { code });
  const { ticket } = verified.body;
  const body = world.registration(ticket, person);
  await world.post('/registrations/complete', { ...body, password: 'refused' });
  await world.post('/registrations/complete', body);
  await world.logIn({ ...person, password: 'not the right password' });
  // By the national ID, and the username in an SMS.
  await world.logIn({ username: nationalId, password: 'not the right password' });
  await world.post('/username-reminders', { nationalId, phone });
  await world.sms(phone, 2);
  const { tokens } = (await world.logIn(person)).body;
  await world.get('/account', { token: tokens.accessToken });
  const refresh = { refreshToken: tokens.refreshToken };
  const refreshed = (await world.post('/sessions/refresh', refresh)).body.tokens;
  expect(directoryTokens.size).toBe(1);
  expect(refreshed.refreshToken).not.toBe([...directoryTokens][0]);

  const reset = (await world.post('/password-resets', { username, nationalId })).body.challenge;
  await world.post(`/challenges/${reset.id}/send`, {});
  const resetCode = await world.code(phone, 3);
  const opened = await world.post(`/challenges/${reset.id}/verify`, { code: resetCode });
  const completion = { ticket: opened.body.ticket, newPassword, confirmPassword: newPassword };
  await world.post('/password-resets/complete', completion);
  const stranger = { username: 'nobody.like.this', nationalId: '2020202020' };
  const decoy = (await world.post('/password-resets', stranger)).body.challenge;
  await world.post(`/challenges/${decoy.id}/send`, {});
  // Left open: a challenge whose code still works.
  const open = world.someone();
  const pending = (await world.post('/registrations', { phone: open.phone })).body.challenge;
  const pendingCode = await world.code(open.phone);

  return [
    registration.id,
    reset.id,
    decoy.id,
    pending.id,
    ticket,
    opened.body.ticket,
    code,
    resetCode,
    pendingCode,
    password,
    newPassword,
    ...[...Object.values(tokens), ...Object.values(refreshed)].map(String).filter(isLong),
    ...[phone, open.phone].flatMap((number) => [number.slice(1), number.slice(4)]),
    nationalId,
    stranger.nationalId,
    username,
    stranger.username,
    ...directoryTokens,
    ...(await playSecondFactors()),
    ...(await playAccount()),
    ...(await playTransactions()),
  ];
}

const isLong = (text: string) => text.length > 20;

/** The value, followed by every text in it decoded from base64. */
function readable(value: string): string {
  const decoded = [...value.matchAll(/[\w+/-]{16,}/g)].map(([text]) =>
    Buffer.from(text, 'base64url').toString('latin1'),
  );
  return [value, ...decoded].join('\n');
}

it('a dump of the table and the log reveals no code, ticket, id, token, password, phone or national ID', async () => {
  const secrets = await playEverything();
  const table = readable(JSON.stringify(await openTable(world).scan()));
  const logged = readable(world.logged.join('\n'));

  expect(secrets.length).toBeGreaterThan(20);
  expect(table).toContain('challenge#');
  expect(table).toContain('session#');
  expect(logged).toContain('POST /registrations/complete');
  expect(logged).toContain('"service":"e-prescription"');
  for (const secret of secrets) {
    // Six digits occur by chance within longer numbers and tags. A code in the clear stands alone.
    const pattern = /^\d{6}$/.test(secret)
      ? `(?<![\\w-])${secret}(?![\\w-])`
      : RegExp.escape(secret);
    expect({ secret, found: new RegExp(pattern).test(table) }).toEqual({ secret, found: false });
    expect({ secret, found: new RegExp(pattern).test(logged) }).toEqual({ secret, found: false });
  }
});

it('the dump test would find a secret that is there', () => {
  const token = Buffer.from('+966551234567').toString('base64url');
  expect(readable(`{"S":"${token}"}`)).toContain('966551234567');
});
