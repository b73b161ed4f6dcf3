import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTable } from '../support/table-scan.ts';
import { openWorld, password, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const newPassword = 'قمر ساطع فوق الجبل';

/** All three flows and their failures; gives back everything that must never be found in the clear. */
async function playEverything(): Promise<string[]> {
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
  const { tokens } = (await world.logIn(person)).body;
  await world.get('/account', { token: tokens.accessToken });
  const refresh = { refreshToken: tokens.refreshToken };
  const refreshed = (await world.post('/sessions/refresh', refresh)).body.tokens;

  const reset = (await world.post('/password-resets', { username, nationalId })).body.challenge;
  await world.post(`/challenges/${reset.id}/send`, {});
  const resetCode = await world.code(phone, 2);
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
    ...[registration.id, reset.id, decoy.id, pending.id, ticket, opened.body.ticket],
    ...[code, resetCode, pendingCode, password, newPassword],
    ...[...Object.values(tokens), ...Object.values(refreshed)].map(String).filter(isLong),
    ...[phone, open.phone].flatMap((number) => [number.slice(1), number.slice(4)]),
    ...[nationalId, stranger.nationalId, username, stranger.username],
  ];
}

const isLong = (text: string) => text.length > 20;

/** Every text in it, and every text again as it reads out of base64. */
function readable(value: string): string {
  const decoded = [...value.matchAll(/[\w+/-]{16,}/g)].map(([text]) =>
    Buffer.from(text, 'base64url').toString('latin1'),
  );
  return [value, ...decoded].join('\n');
}

it('a dump of the table and every line logged reveal no code, ticket, id, token, password, phone or ID', async () => {
  const secrets = await playEverything();
  const table = readable(JSON.stringify(await openTable(world).scan()));
  const logged = readable(world.logged.join('\n'));

  expect(secrets.length).toBeGreaterThan(20);
  expect(table).toContain('challenge#');
  expect(logged).toContain('POST /registrations/complete');
  for (const secret of secrets) {
    // Six digits turn up by chance within longer numbers and tags; a code in the clear stands alone.
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
