import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { totpCode, totpStep } from '#core/crypto/totp.ts';
import { local } from '../../lib/config/stages/local.ts';
import { openWorld, outcome, type Person, toNextHour, type World } from '../support/world/world.ts';

/** Few right passwords would already fill this budget of an address, if they counted. */
const perMinute = 5;

let world: World;
beforeAll(async () => {
  const limits = { ...local.limits, loginsPerAddressAndMinute: perMinute };
  world = await openWorld({ config: { ...local, limits } });
});
afterAll(() => world.close());
beforeEach(() => toNextHour(world.clock));

/** Logs in on a device that is not remembered, and logs out. @returns the statuses */
async function logInAndOut(person: Person): Promise<number[]> {
  const opened = await world.logIn(person);
  if (opened.status !== 201) return [opened.status];
  const { refreshToken } = opened.body.tokens;
  return [opened.status, (await world.post('/sessions/revoke', { refreshToken })).status];
}

/** People who have their accounts on one phone. */
async function family(size: number): Promise<Person[]> {
  const { phone } = world.someone();
  const members: Person[] = [];
  for (let n = 1; n <= size; n++) {
    const member = world.someone({ phone });
    const ticket = await world.registrationTicket(phone, n);
    const opened = await world.post('/registrations/complete', world.registration(ticket, member));
    expect(opened.status).toBe(201);
    members.push(member);
  }
  return members;
}

describe('an honest login', () => {
  it('is open to a person who logs in and out again and again in one hour', async () => {
    const person = await world.subscriber();
    for (let n = 0; n < 8; n++) expect(await logInAndOut(person)).toEqual([201, 204]);
  });

  it('is open to a family of three on one phone, four logins each in one hour', async () => {
    // A phone registers three accounts an hour (docs/decisions/0046).
    const members = await family(3);
    for (let round = 0; round < 4; round++) {
      for (const member of members) expect(await logInAndOut(member)).toEqual([201, 204]);
    }
  });

  it('by an authenticator app counts for nothing', async () => {
    const person = await world.subscriber();
    const { accessToken: token } = (await world.logIn(person)).body.tokens;
    const { password: currentPassword } = person;
    const offer = await world.post('/account/authenticators/totp', { currentPassword }, { token });
    const { secret, enrolment } = offer.body;
    const codeNow = () => totpCode(secret, totpStep(Math.floor(world.clock.now() / 1000)));
    const body = { enrolment, code: codeNow() };
    await world.post('/account/authenticators/totp/confirm', body, { token });
    for (let n = 0; n < 8; n++) {
      world.clock.advance(30);
      const typed = await world.typePassword(person);
      expect(typed.status).toBe(202);
      const { id } = typed.body.challenge;
      const answer = { code: codeNow(), method: 'totp' };
      const { ticket } = (await world.post(`/challenges/${id}/verify`, answer)).body;
      expect((await world.post('/sessions/complete', { ticket })).status).toBe(201);
    }
  });

  it('costs the address nothing that its person shares with thousands, while wrong passwords do', async () => {
    const address = '198.51.100.17';
    const people = await Promise.all([1, 2, 3, 4].map(() => world.subscriber()));
    toNextHour(world.clock);
    for (let n = 0; n < local.limits.loginsPerAccountAndHour; n++) {
      for (const person of people) {
        expect((await world.typePassword(person, { address })).status).toBe(202);
      }
    }
    const stranger = { username: 'nobody.like.this', password: 'not the right one' };
    const wrong = [];
    for (let n = 0; n < perMinute + 1; n++) {
      const name = { ...stranger, username: `${stranger.username}${n}` };
      wrong.push(outcome(await world.typePassword(name, { address })));
    }
    expect(wrong).toEqual([...Array(perMinute).fill('credentials_incorrect'), 'phone-first']);
  });

  it('is open to a person who has just reset the password three times', async () => {
    const person = await world.subscriber();
    // Its phone has had the codes of a registration and of three resets by now.
    let password = person.password;
    for (let n = 0; n < 3; n++) {
      const ticket = await world.resetTicket(person, 2 + 2 * n);
      password = `another fine passphrase ${n}`;
      const body = { ticket, newPassword: password, confirmPassword: password };
      expect((await world.post('/password-resets/complete', body)).status).toBe(204);
      await world.sms(person.phone, 3 + 2 * n);
    }
    expect(await logInAndOut({ ...person, password })).toEqual([201, 204]);
  });
});
