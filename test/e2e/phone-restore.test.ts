import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { local } from '../../lib/config/stages/local.ts';
import { phone as newPhone } from '../support/fakes/builders.ts';
import { codeTexts, owners } from '../support/world/owner.ts';
import { openWorld, outcome, type Person, type World } from '../support/world/world.ts';

let world: World;
let hands: ReturnType<typeof owners>;
beforeAll(async () => {
  // What ships: a code at the login on a new device.
  world = await openWorld({ config: local });
  hands = owners(world);
});
afterAll(() => world.close());

const daySeconds = 86_400;
const thiefs = 'a thief chose this passphrase';
const chosen = 'an owner chose this passphrase';
const changed = /phone of your health portal account was changed/;
const restored = /former phone of your health portal account is back/;

/** A reset up to its ticket, with the code that comes to a phone. */
async function resetTicket({ username, nationalId }: Person, phone: string): Promise<string> {
  const before = world.inbox
    .messages(phone)
    .filter(({ body }) => codeTexts.reset.test(body)).length;
  const { challenge } = (await world.post('/password-resets', { username, nationalId })).body;
  expect((await world.post(`/challenges/${challenge.id}/send`, {})).status).toBe(202);
  return hands.ticketOf(challenge, phone, codeTexts.reset, before);
}

const complete = (ticket: string, newPassword: string, key?: string) =>
  world.post(
    '/password-resets/complete',
    { ticket, newPassword, confirmPassword: newPassword },
    key === undefined ? {} : { headers: { 'idempotency-key': key } },
  );

it('the owner wins the first day: a thief with session and password moved the phone and changed the password, and is out', async () => {
  const person = await world.subscriber();
  const remembered = await world.logIn(person);
  expect(remembered.status).toBe(201);
  const thief = await hands.logIn(person);
  const away = newPhone();
  const moved = await hands.act(thief, 'phone/complete', {
    ticket: await hands.phoneTicket(thief, away),
  });
  expect(moved.status).toBe(200);
  expect((await hands.changePassword(thief, thiefs)).status).toBe(204);

  const ticket = await resetTicket(person, person.phone);
  const key = 'one-key-for-this-return';
  const answer = await complete(ticket, chosen, key);
  expect(answer.status).toBe(200);
  const { outcome: told, resetFrom } = answer.body;
  expect(told).toBe('phone-restored');
  const wait = (Date.parse(resetFrom) - world.clock.now()) / 1000;
  expect(wait).toBeGreaterThan(daySeconds - 600);
  expect(wait).toBeLessThanOrEqual(daySeconds);
  expect((await complete(ticket, chosen, key)).body).toEqual(answer.body);
  expect(outcome(await complete(ticket, chosen))).toBe('ticket_invalid');

  // The thief's session is over, both phones are told, and a login asks the owner's phone.
  expect((await hands.account(thief)).status).toBe(401);
  expect((await hands.refresh(thief)).status).toBe(401);
  for (const phone of [person.phone, away]) await hands.smsLike(phone, restored);
  // The move told the former phone, the return tells both, and nothing is told twice.
  const noticesOf = (phone: string, text: RegExp) =>
    world.inbox.messages(phone).filter(({ body }) => text.test(body)).length;
  await sleep(500);
  expect([person.phone, away].map((phone) => noticesOf(phone, restored))).toEqual([1, 1]);
  expect([person.phone, away].map((phone) => noticesOf(phone, changed))).toEqual([1, 0]);
  expect((await world.typePassword({ ...person, password: chosen })).status).toBe(401);
  const login = await world.typePassword({ ...person, password: thiefs });
  expect(login.body.challenge.destination).toBe(`•••• ${person.phone.slice(-3)}`);

  // Until the hold's end a reset sends nothing, and looks the same.
  const texts = () =>
    [person.phone, away].map(
      (phone) =>
        world.inbox.messages(phone).filter(({ body }) => codeTexts.reset.test(body)).length,
    );
  const { username, nationalId } = person;
  const { challenge } = (await world.post('/password-resets', { username, nationalId })).body;
  expect(challenge.destination).toBeNull();
  const atReset = texts();
  expect((await world.post(`/challenges/${challenge.id}/send`, {})).status).toBe(202);
  world.clock.advance(wait + 1);
  expect(texts()).toEqual(atReset);

  const after = await complete(await resetTicket(person, person.phone), chosen);
  expect(after.status).toBe(204);
  expect((await world.logIn({ ...person, password: chosen })).status).toBe(201);
  expect((await world.typePassword({ ...person, password: thiefs })).status).toBe(401);
});
