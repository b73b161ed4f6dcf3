import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../lib/routes.ts';
import { type Owner, owners } from '../support/world/owner.ts';
import { openWorld, outcome, type World } from '../support/world/world.ts';

/** Answers that are documented, and that no test of a flow has a reason to ask for. */
let world: World;
let owner: Owner;
beforeAll(async () => {
  world = await openWorld();
  owner = await owners(world).owner();
});
afterAll(() => world.close());

function call(method: string, path: string, body: unknown, token?: string) {
  const options = token === undefined ? {} : { token };
  const filled = path.replace('{id}', 'some-id');
  if (method === 'GET') return world.get(filled, options);
  if (method === 'DELETE') return world.del(filled, options, body);
  return world.post(filled, body, options);
}

const guarded = routes.filter(({ token }) => token !== undefined);

it.each(guarded)('$method $path is closed without a token', async ({ method, path }) => {
  expect(outcome(await call(method, path, {}))).toBe('unauthenticated');
});

it.each(guarded)('$method $path is closed with a malformed token', async ({ method, path }) => {
  expect(outcome(await call(method, path, {}, 'e30.e30.e30'))).toBe('unauthenticated');
});

const withFields = routes.filter(
  ({ method, path, token }) =>
    method === 'POST' && token !== 'service' && path !== '/challenges/{id}/send',
);

it.each(withFields)('$method $path refuses a body without its fields', async ({ method, path }) => {
  expect(outcome(await call(method, path, {}, owner.token))).toBe('invalid_request');
});

it('a body without the password does not remove an authenticator app', async () => {
  const answer = await world.del('/account/authenticators/totp', owner, {});
  expect(outcome(answer)).toBe('invalid_request');
});

describe('a person’s own mistake', () => {
  const wrong = { currentPassword: 'not the password at all' };

  it('a wrong password for new recovery codes is refused', async () => {
    const answer = await world.post('/account/recovery-codes', wrong, owner);
    expect(outcome(answer)).toBe('credentials_incorrect');
  });

  it('a new phone that is not Saudi is refused', async () => {
    const body = { phone: '+971501234567', currentPassword: owner.password };
    const answer = await world.post('/account/phone', body, owner);
    expect(outcome(answer)).toBe('destination_unsupported');
  });

  it('a reset to a common password is refused, and leaves the ticket usable', async () => {
    const person = await world.subscriber();
    const ticket = await world.resetTicket(person);
    const reset = (newPassword: string) =>
      world.post('/password-resets/complete', {
        ticket,
        newPassword,
        confirmPassword: newPassword,
      });
    expect(outcome(await reset('Password12345!'))).toBe('password_rejected');
    expect((await reset('سماء صافية فوق البحر')).status).toBe(204);
  });

  it('an unknown challenge is answered as expired', async () => {
    const answer = await world.get(`/challenges/AQ${'x'.repeat(26)}`);
    expect(outcome(answer)).toBe('challenge_expired');
  });

  it('a login by cookie from outside the portal’s pages is refused', async () => {
    const body = { ticket: 'some-ticket', tokens: 'cookie' };
    expect(outcome(await world.post('/sessions/complete', body))).toBe('cross_site_request');
  });
});
