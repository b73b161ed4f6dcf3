import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { phone as somePhone } from '../support/fakes/builders.ts';
import { codeTexts, type Owner, owners } from '../support/world/owner.ts';
import { openTable } from '../support/world/table-scan.ts';
import {
  type Answer,
  openWorld,
  outcome,
  type Person,
  passwordAlone,
  toNextHour,
  type World,
} from '../support/world/world.ts';

/** Seven unverified registrations and changes of phone an hour. */
const { spending } = passwordAlone;
const config = {
  ...passwordAlone,
  limits: { ...passwordAlone.limits, firstCodesPerAddressAndDay: 25 },
  spending: {
    ...spending,
    registrations: { ...spending.registrations, unverifiedPerHour: 1050 },
  },
};
const people = 5;

let world: World;
let hands: ReturnType<typeof owners>;
let victim: Person;
let thieves: Owner[];
/** The UTC day on which the victim's phone had its first verified code. */
let firstCodeOn: number;

beforeAll(async () => {
  world = await openWorld({ config });
  hands = owners(world);
});
afterAll(() => world.close());

beforeEach(async () => {
  const before = await unverifiedMoney();
  const all = [];
  for (let n = 0; n <= people; n++) all.push(await world.subscriber());
  // These SMS are booked in the hour before.
  await booked(before + all.length * ofVerified);
  firstCodeOn = today();
  toNextHour(world.clock);
  const [first, ...rest] = all as [Person, ...Person[]];
  victim = first;
  thieves = await Promise.all(rest.map(hands.logIn));
});

/** The unverified money of all days, of all purses of Hawiya as a whole. */
async function unverifiedMoney(): Promise<number> {
  const items = await openTable(world).scan();
  const ofService = items.filter(({ pk }) => /^spending#.*#service$/.test(pk?.S ?? ''));
  return ofService.reduce((sum, { unverified }) => sum + Number(unverified?.N), 0);
}

const change = (thief: Owner, phone: string): Promise<Answer> =>
  hands.act(thief, 'phone', { phone, currentPassword: thief.password });
const codesFor = (phone: string) =>
  world.inbox.messages(phone).filter(({ body }) => codeTexts.phone.test(body));
const today = () => Math.floor(world.clock.now() / 86_400_000);
/** The unverified money that a phone's first verified code of a day leaves: its price less what it earns back. */
const ofVerified = spending.pricePerSms * (1 - 1 / spending.verifiedShare);
const booked = (money: number) => expect.poll(unverifiedMoney).toBe(money);

/** Every thief starts that many phone changes, all in parallel. */
const all = (times: number, phone: () => string): Promise<Answer[]> =>
  Promise.all(
    thieves.flatMap((thief) => Array.from({ length: times }, () => change(thief, phone()))),
  );
const agreed = (answers: Answer[]) => answers.filter(({ status }) => status === 202);
/** The delivery states of the accepted changes. */
const deliveries = (answers: Answer[]): Promise<string[]> =>
  Promise.all(
    agreed(answers).map(async ({ body }) => {
      const { challenge } = (await world.get(`/challenges/${body.challenge.id}`)).body;
      return challenge.delivery;
    }),
  );

/** Resets the victim's password, up to the ticket. */
async function resetOfVictim(): Promise<string> {
  const before = await unverifiedMoney();
  const { username, nationalId, phone } = victim;
  const { challenge } = (await world.post('/password-resets', { username, nationalId })).body;
  expect((await world.post(`/challenges/${challenge.id}/send`, {})).status).toBe(202);
  const ticket = await hands.ticketOf(challenge, phone, codeTexts.reset);
  // A further code of the same day leaves nothing: it takes its own price off.
  await booked(firstCodeOn === today() ? before : before + ofVerified);
  return ticket;
}

it('phone changes from many accounts cannot text one stranger more often than registrations could', async () => {
  const { phone } = victim;
  const answers = await all(3, () => phone);
  expect(agreed(answers)).toHaveLength(3);
  expect(answers.filter((each) => outcome(each) === 'too_many_requests')).toHaveLength(12);
  expect(outcome(await world.post('/registrations', { phone }))).toBe('too_many_requests');
  await expect.poll(() => codesFor(phone).length).toBe(3);

  // The phone's owner has lost only registrations on that phone.
  expect((await world.logIn(victim)).status).toBe(201);
  await expect(resetOfVictim()).resolves.toEqual(expect.any(String));
  expect(codesFor(phone)).toHaveLength(3);
});

it('phone changes leave the money of resets alone, and none is accepted that cannot be paid', async () => {
  const phones: string[] = [];
  const answers = await all(3, () => {
    phones.push(somePhone());
    return phones.at(-1) ?? '';
  });
  const texted = () => phones.filter((phone) => codesFor(phone).length > 0).length;
  await expect.poll(() => deliveries(answers)).not.toContain('queued');
  expect(await deliveries(answers)).not.toContain('failed');
  expect(agreed(answers)).toHaveLength(7);
  expect(texted()).toBe(7);

  const [thief] = thieves as [Owner];
  expect(outcome(await change(thief, somePhone()))).toBe('too_many_requests');
  const registration = await world.post('/registrations', { phone: somePhone() });
  expect(outcome(registration)).toBe('too_many_requests');
  await expect(resetOfVictim()).resolves.toEqual(expect.any(String));
  expect(texted()).toBe(7);
});
