import { setTimeout as sleep } from 'node:timers/promises';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { phone as somePhone } from '../support/fakes/builders.ts';
import { openTable } from '../support/world/table-scan.ts';
import { openWorld, type Person, passwordAlone, type World } from '../support/world/world.ts';
import { openRecords } from '../support/world/world-records.ts';

/*
 * A function in an attacker's hands writes the table past every flow: without a hold, a notice or an event. The raw
 * writes here are what such a function could do at most. The owner must hear of the loss all the same.
 */

let world: World;
let table: ReturnType<typeof openTable>;
let records: ReturnType<typeof openRecords>;
beforeAll(async () => {
  world = await openWorld({ config: passwordAlone });
  table = openTable(world);
  records = openRecords(world);
});
afterAll(() => world?.close());
afterEach(() => {
  world.cloud.hooks.onAnswer = undefined;
});

type Item = Record<string, AttributeValue>;
interface Victim extends Person {
  readonly item: Item;
}

const accounts = async () => (await table.scan()).filter(({ pk }) => pk?.S?.startsWith('account#'));

/** A person with an account, and the account's item. */
async function victim(): Promise<Victim> {
  const before = new Set((await accounts()).map(({ pk }) => pk?.S));
  const person = await world.subscriber();
  const item = (await accounts()).find(({ pk }) => !before.has(pk?.S));
  if (!item) throw new Error('The person has no account');
  return { ...person, item };
}

/** The attributes of an account on an attacker's phone. */
function thiefsPhone(): Item {
  const { phone, phoneTag } = records.sealed(somePhone());
  return { phone: { S: phone }, phoneTag: { S: phoneTag } };
}

const phoneChanged = /phone of your health portal account was changed/;
const closed = /health portal account was closed/;
const told = ({ phone }: Person, text: RegExp) =>
  world.inbox.messages(phone).filter(({ body }) => text.test(body)).length;

/** The owner is told that often, and no more often a moment later. */
async function isTold(person: Person, text: RegExp, times = 1): Promise<void> {
  await expect.poll(() => told(person, text)).toBe(times);
  await sleep(500);
  expect(told(person, text)).toBe(times);
}

describe('an account that a function moves to another phone without a notice', () => {
  it('is reported to the old phone once', async () => {
    const owner = await victim();
    await table.put({ ...owner.item, ...thiefsPhone() });
    await isTold(owner, phoneChanged);
  });

  it.each<[string, (item: Item) => Item]>([
    ['breaks the seal of the number first', (item) => ({ ...item, phone: { S: 'AAAA' } })],
    ['removes the status first', ({ status: _, ...item }) => item],
    ['disables the account first', (item) => ({ ...item, status: { S: 'disabled' } })],
    ['makes the number one that cannot be read first', (item) => ({ ...item, phone: { N: '1' } })],
  ])('is reported too if the function %s', async (_how, first) => {
    const owner = await victim();
    const prepared = first(owner.item);
    await table.put(prepared);
    await table.put({ ...prepared, ...thiefsPhone() });
    await isTold(owner, phoneChanged);
  });

  it('is reported once, even if the sender dies after it wrote the notice', async () => {
    const owner = await victim();
    let deaths = 0;
    world.cloud.hooks.onAnswer = async ({ functionName, operation }) => {
      if (functionName !== 'sms-sender' || operation !== 'PutItem' || deaths > 0) return;
      deaths += 1;
      await world.cloud.kill('sms-sender');
    };
    await table.put({ ...owner.item, ...thiefsPhone() });
    await isTold(owner, phoneChanged);
    expect(deaths).toBe(1);
  });
});

describe('an account that a function ends without closing it', () => {
  it.each<[string, (owner: Victim) => Promise<void>]>([
    ['deletes it', ({ item }) => table.delete(item)],
    [
      'replaces it by a registration',
      ({ item }) => table.put({ ...item, ...thiefsPhone(), status: { S: 'provisional' } }),
    ],
    ['marks it as closing', ({ item }) => table.put({ ...item, status: { S: 'closing' } })],
  ])('is reported to its phone if the function %s', async (_how, end) => {
    const owner = await victim();
    await end(owner);
    await isTold(owner, closed);
  });
});

it('a write that takes nothing from the owner is not reported', async () => {
  const owner = await victim();
  const before = world.inbox.messages(owner.phone).length;
  await table.put({ ...owner.item, termsVersion: { S: '2027-01' } });
  const { phone, phoneTag } = records.sealed(owner.phone);
  await table.put({ ...owner.item, phone: { S: phone }, phoneTag: { S: phoneTag } });
  await sleep(1500);
  expect(world.inbox.messages(owner.phone)).toHaveLength(before);
});
