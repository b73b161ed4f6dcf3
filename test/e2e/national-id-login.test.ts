import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StageConfig } from '../../lib/config/stage-config.ts';
import { local } from '../../lib/config/stages/local.ts';
import { openTable } from '../support/world/table-scan.ts';
import { openWorld, outcome, type Person, type World } from '../support/world/world.ts';

const limits = { ...local.limits, failedNationalIdLoginsPerHour: 8 };
let world: World;
beforeAll(async () => {
  world = await openWorld({ config: { ...local, limits } });
});
afterAll(() => world.close());

const byId = ({ nationalId, password }: Person, more: object = {}, of = world) =>
  of.post('/sessions', { username: nationalId, password, ...more });

/** Completes a login with the code of its SMS. @param n the number of the login among those of the phone */
async function complete(answer: Awaited<ReturnType<typeof byId>>, person: Person, n = 1) {
  const ticket = await world.loginTicket(answer, person, n);
  return world.post('/sessions/complete', { ticket, ownDevice: true });
}

describe('a login with a national ID', () => {
  it('opens a session, remembers the device, and the device works with either name', async () => {
    const person = await world.subscriber();
    const answer = await byId(person);
    expect(answer.status).toBe(202);
    const { device, tokens } = (await complete(answer, person)).body;
    const account = await world.get('/account', { token: tokens.accessToken });
    expect(account.body.account.username).toBe(person.username);
    expect((await byId(person, { device: device.secret })).status).toBe(201);
    expect((await world.typePassword(person, { device: device.secret })).status).toBe(201);
  });

  it('takes the ID as people type it', async () => {
    const person = await world.subscriber();
    const arabic = person.nationalId.replace(/\d/g, (digit) => '٠١٢٣٤٥٦٧٨٩'[Number(digit)] ?? '');
    const nationalId = `\u200f${arabic.slice(0, 4)} ${arabic.slice(4)} `;
    expect((await byId({ ...person, nationalId })).status).toBe(202);
  });

  it('says what is wrong with an ID that is mistyped', async () => {
    const answer = await byId({ ...world.someone(), nationalId: '1000000009' });
    expect(answer.body).toMatchObject({ code: 'invalid_request' });
    expect(answer.body.errors).toEqual([
      { path: 'username', message: expect.stringMatching(/10 digits/) },
    ]);
  });

  it('answers alike for a wrong password and for an ID that nobody has', async () => {
    const [person, nobody] = [await world.subscriber(), world.someone()];
    const answers = [await byId({ ...person, password: 'not it at all' }), await byId(nobody)];
    const bodies = answers.map(({ body }) => ({ ...body, instance: '' }));
    expect(answers.map(outcome)).toEqual(['credentials_incorrect', 'credentials_incorrect']);
    expect(bodies[1]).toEqual(bodies[0]);
  });

  it('works for an account of before once a login with the username has kept that name', async () => {
    const person = await world.subscriber();
    await openTable(world).clear('account', /^username$/);
    expect(outcome(await byId(person))).toBe('credentials_incorrect');
    await complete(await world.typePassword(person), person);
    expect((await byId(person)).status).toBe(202);
  });

  it('is refused on unknown browsers while too many fail, with the limit that it is; the username works', async () => {
    const person = await world.subscriber();
    const kept = (await complete(await byId(person), person)).body;
    for (let n = 0; n < 10; n++) await byId(world.someone());
    // A function may notice the breaker ten seconds late.
    world.clock.advance(11);
    const refused = await byId(person);
    expect(outcome(refused)).toBe('too_many_requests');
    expect(refused.body).toMatchObject({ limit: 'national-id' });
    expect((await byId(person, { recognition: kept.recognition.secret })).status).toBe(202);
    expect((await world.typePassword(person)).status).toBe(202);
  });
});

it('a stage may take usernames alone', async () => {
  const config: StageConfig = { ...local, nationalIdLogin: false };
  const other = await openWorld({ config });
  try {
    const person = await other.subscriber();
    const answer = await byId(person, {}, other);
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, 'username']);
    expect((await other.typePassword(person)).status).toBe(202);
  } finally {
    await other.close();
  }
});
