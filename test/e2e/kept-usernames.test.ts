import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { local } from '../../lib/config/stages/local.ts';
import { openTable } from '../support/world/table-scan.ts';
import { openWorld, type Person, type World } from '../support/world/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ config: local });
});
afterAll(() => world.close());

const accounts = async () =>
  (await openTable(world).scan()).filter(({ pk }) => pk?.S?.startsWith('account#'));

/** The sealed usernames that the accounts keep. */
const kept = async () => (await accounts()).map(({ username }) => username?.S);

/** A person whose account was opened before usernames were kept: the only one of the table. */
async function oldSubscriber(): Promise<Person> {
  await openTable(world).remove('account');
  const person = await world.subscriber();
  await openTable(world).clear('account', /^username$/);
  expect(await kept()).toEqual([undefined]);
  return person;
}

const complete = async (person: Person, ownDevice: boolean) => {
  const ticket = await world.loginTicket(await world.typePassword(person), person);
  return world.post('/sessions/complete', { ticket, ownDevice });
};

const sealed = /^[A-Za-z0-9_-]{40,}$/;

describe('the username of an account', () => {
  it('is kept sealed from the registration on', async () => {
    await openTable(world).remove('account');
    const { username } = await world.subscriber();
    expect(await kept()).toEqual([expect.stringMatching(sealed)]);
    expect(JSON.stringify(await accounts())).not.toContain(username);
  });

  it('comes with the next login that a code completes, where the account lacks it', async () => {
    const person = await oldSubscriber();
    expect((await complete(person, false)).status).toBe(201);
    expect(await kept()).toEqual([expect.stringMatching(sealed)]);
  });

  it('comes with the next login on a remembered device, and is not written again', async () => {
    const person = await oldSubscriber();
    const { device } = (await complete(person, true)).body;
    await openTable(world).clear('account', /^username$/);
    const logIn = () => world.typePassword(person, { device: device.secret });
    expect((await logIn()).status).toBe(201);
    const [first] = await kept();
    expect(first).toMatch(sealed);
    expect((await logIn()).status).toBe(201);
    expect(await kept()).toEqual([first]);
  });

  it('comes with the next reset', async () => {
    const person = await oldSubscriber();
    const newPassword = 'قمر ساطع فوق الجبل';
    const ticket = await world.resetTicket(person);
    const body = { ticket, newPassword, confirmPassword: newPassword };
    expect((await world.post('/password-resets/complete', body)).status).toBe(204);
    expect(await kept()).toEqual([expect.stringMatching(sealed)]);
  });
});
