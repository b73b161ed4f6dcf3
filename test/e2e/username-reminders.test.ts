import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reminderMessage } from '#core/delivery/notice-messages.ts';
import { local } from '../../lib/config/stages/local.ts';
import { owners } from '../support/world/owner.ts';
import { openTable } from '../support/world/table-scan.ts';
import {
  type Answer,
  openWorld,
  outcome,
  type Person,
  toNextHour,
  type World,
} from '../support/world/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

type Pair = Pick<Person, 'nationalId' | 'phone'>;

const remind = ({ nationalId, phone }: Pair, options: Parameters<World['post']>[2] = {}) =>
  world.post('/username-reminders', { nationalId, phone }, options);

const reminders = ({ phone }: Pick<Person, 'phone'>) =>
  world.inbox.messages(phone).filter(({ body }) => /username|مستخدمك/.test(body));

const arrived = (person: Pick<Person, 'phone'>, count: number) =>
  expect.poll(() => reminders(person).length).toBe(count);

/** Waits until the sender has settled every notice: what is not out by then never comes. */
async function settled(): Promise<void> {
  const owed = async () =>
    (await openTable(world).scan()).filter(
      ({ pk, outbox }) => pk?.S?.startsWith('notice#') && outbox !== undefined,
    ).length;
  await expect.poll(owed).toBe(0);
}

/** What of an answer differs between any two requests is left out. */
const shape = ({ status, headers, body }: Answer) => ({
  status,
  body,
  headers: [...headers].filter(([name]) => name !== 'date' && name !== 'x-amzn-requestid'),
});

describe('a reminder of a username', () => {
  it.each(['ar', 'en'] as const)(
    'texts the name in the language of the page: %s',
    async (language) => {
      const person = await world.subscriber();
      const answer = await remind(person, { language });
      expect([answer.status, answer.body]).toEqual([204, undefined]);
      await arrived(person, 1);
      expect(reminders(person)[0]?.body).toBe(reminderMessage(person.username, language));
    },
  );

  it('takes what people type', async () => {
    const person = await world.subscriber();
    const nationalId = `\u200f${person.nationalId.slice(0, 5)} ${person.nationalId.slice(5)} `;
    const { status } = await remind({ nationalId, phone: `0${person.phone.slice(4)}` });
    expect(status).toBe(204);
    await arrived(person, 1);
  });

  it('comes once an hour and twice a day, and the answer never says so', async () => {
    const person = await world.subscriber();
    toNextHour(world.clock);
    const answers = [await remind(person), await remind(person)];
    await settled();
    await arrived(person, 1);
    for (const count of [2, 2]) {
      toNextHour(world.clock);
      answers.push(await remind(person));
      await settled();
      await arrived(person, count);
    }
    expect(answers.map(shape)).toEqual(Array(4).fill(shape(answers[0] as Answer)));
  });

  it('comes once where ten requests ask in parallel', async () => {
    const person = await world.subscriber();
    const answers = await Promise.all(Array.from({ length: 10 }, () => remind(person)));
    expect(answers.map(outcome)).toEqual(Array(10).fill(204));
    await settled();
    await arrived(person, 1);
  });

  it('answers alike and texts nobody where national ID and phone do not belong together', async () => {
    const [person, other] = [await world.subscriber(), await world.subscriber()];
    const nobody = world.someone();
    const before = world.inbox.messages().length;
    const answers = [
      await remind({ nationalId: person.nationalId, phone: other.phone }),
      await remind({ nationalId: person.nationalId, phone: nobody.phone }),
      await remind({ nationalId: nobody.nationalId, phone: person.phone }),
      await remind(nobody),
    ];
    await settled();
    expect(world.inbox.messages()).toHaveLength(before);
    // The guesses have used up nothing of the pair's.
    answers.push(await remind(person));
    await arrived(person, 1);
    expect(answers.map(shape)).toEqual(Array(5).fill(shape(answers[0] as Answer)));
  });

  it('reaches each of three accounts on one phone in an hour, and no fourth', async () => {
    const first = await world.subscriber();
    const family = [first];
    for (const n of [2, 3, 4]) {
      toNextHour(world.clock);
      const member = world.someone({ phone: first.phone });
      const ticket = await world.registrationTicket(first.phone, n);
      await world.post('/registrations/complete', world.registration(ticket, member));
      family.push(member);
    }
    toNextHour(world.clock);
    for (const member of family) expect((await remind(member)).status).toBe(204);
    await settled();
    await arrived(first, 3);
  });

  it('goes to the former phone while a new one is held, and not to the new one', async () => {
    const hands = owners(world);
    const moved = await hands.owner();
    const { phone: to } = world.someone();
    await hands.act(moved, 'phone/complete', { ticket: await hands.phoneTicket(moved, to) });
    await remind({ nationalId: moved.nationalId, phone: to });
    await remind(moved);
    await settled();
    await arrived(moved, 1);
    expect(reminders({ phone: to })).toEqual([]);
  });

  it('is one of the SMS of its address, also where it is a decoy, and leaves a hospital its registrations', async () => {
    const address = '10.66.1.2';
    const answers: Answer[] = [];
    const perMinute = local.limits.sendsPerAddressAndMinute;
    world.clock.set(Math.ceil(world.clock.now() / 60_000) * 60_000);
    for (let n = 0; n <= perMinute; n++) answers.push(await remind(world.someone(), { address }));
    expect(answers.map(outcome)).toEqual([...Array(perMinute).fill(204), 'too_many_requests']);
    expect(answers.at(-1)?.body).toMatchObject({ limit: 'address' });
    const { phone } = world.someone();
    expect((await world.post('/registrations', { phone }, { address })).status).toBe(202);
  });

  it('tells an account without a kept name nothing, and does after its next login', async () => {
    const person = await world.subscriber();
    await openTable(world).clear('account', /^username$/);
    expect((await remind(person)).status).toBe(204);
    await settled();
    expect(reminders(person)).toEqual([]);
    await world.logIn(person);
    toNextHour(world.clock);
    await remind(person);
    await arrived(person, 1);
  });

  it('writes no name, ID or phone to the log, and none in the clear to the table', async () => {
    const person = await world.subscriber();
    await remind(person);
    await arrived(person, 1);
    await sleep(200);
    const seen = `${JSON.stringify(await openTable(world).scan())}${world.logged.join('\n')}`;
    for (const value of [person.username, person.nationalId, person.phone.slice(4)]) {
      expect(seen).not.toContain(value);
    }
  });
});
