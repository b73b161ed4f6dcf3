import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sign } from '#core/crypto/webhook-signature.ts';
import { phone as newPhone, unique } from '../support/fakes/builders.ts';
import { openSmsWorld, type SmsWorld, webhookKey } from '../support/world/sms-world.ts';
import { openTable } from '../support/world/table-scan.ts';
import { outcome, type World } from '../support/world/world.ts';

/** An aggregator first, SNS second, and what goes wrong with them. The seconds are the local clock's. */
let world: World;
let agg: SmsWorld['agg'];
let smsWorld: SmsWorld;

beforeAll(async () => {
  smsWorld = await openSmsWorld();
  ({ world, agg } = smsWorld);
});
afterAll(() => smsWorld?.close());
beforeEach(() => smsWorld.renew());

const failure = (name: string) => Object.assign(new Error(name), { name });
let published = 0;

/** Sets what SNS does from now on. */
function sns(behaviour: 'works' | 'fails' | 'throttles' | 'is slow'): void {
  world.cloud.hooks.onCall = async ({ service }) => {
    if (service !== 'sns' || behaviour === 'works') return;
    published += 1;
    if (behaviour === 'fails') throw failure('ServiceUnavailable');
    if (behaviour === 'is slow') await sleep(400);
    // Two of three calls fail, so that the SDK's own retries are not always enough.
    if (behaviour === 'throttles' && published % 3 > 0) throw failure('ThrottledException');
  };
}

const phones: string[] = [];

async function register(): Promise<{ id: string; phone: string }> {
  const phone = newPhone();
  phones.push(phone);
  const { body } = await world.post('/registrations', { phone });
  return { id: body.challenge.id, phone };
}

const deliveryOf = async (id: string): Promise<string> =>
  (await world.get(`/challenges/${id}`)).body.challenge.delivery;

async function eventually(id: string, delivery: string): Promise<void> {
  await expect.poll(() => deliveryOf(id), { interval: 100 }).toBe(delivery);
}

const verify = async (id: string, code: string) =>
  outcome(await world.post(`/challenges/${id}/verify`, { code }));

/** The code and the reference of each request that the aggregator got for a phone. */
const atAggregator = (phone: string) =>
  agg.received
    .map(({ body }) => JSON.parse(body))
    .filter(({ to }) => `+${to}` === phone)
    .map(({ text, ref }) => ({ code: /#(\d{6})$/.exec(text)?.[1] ?? '', ref: String(ref) }));

const inboxOf = (phone: string) => world.inbox.messages(phone);

/** Moves the clock on, two seconds at a time, until `done`: retry rounds come ever later. */
async function whileTimePasses(done: () => boolean): Promise<void> {
  for (let n = 0; n < 120 && !done(); n++) {
    world.clock.advance(2);
    await sleep(200);
  }
}

describe('a code', () => {
  it('waits in the outbox while all providers are down for two minutes, arrives in time and verifies', async () => {
    sns('fails');
    agg.answers(503);
    const people = await Promise.all([1, 2, 3, 4, 5, 6].map(() => register()));
    await expect.poll(() => agg.received.length).toBeGreaterThan(6);
    world.clock.advance(120);
    for (const { id } of people) expect(await deliveryOf(id)).toBe('queued');
    sns('works');
    for (const { id, phone } of people) {
      await eventually(id, 'sent');
      expect(await verify(id, await world.code(phone))).toBe(200);
      expect(inboxOf(phone)).toHaveLength(1);
    }
  });

  it('goes to the second provider when the first one times out', async () => {
    agg.hangs();
    sns('is slow');
    const people = await Promise.all([1, 2, 3, 4, 5, 6].map(() => register()));
    for (const { id, phone } of people) expect(await verify(id, await world.code(phone))).toBe(200);
    // The first provider has failed often enough: the next code does not wait for it.
    const asked = agg.received.length;
    const { phone } = await register();
    await world.code(phone);
    expect(agg.received).toHaveLength(asked);
  });

  it('arrives once while the providers throttle', async () => {
    agg.answers(429);
    sns('throttles');
    const people = await Promise.all(Array.from({ length: 12 }, () => register()));
    await whileTimePasses(() => people.every(({ phone }) => inboxOf(phone).length > 0));
    for (const { id, phone } of people) {
      expect(await verify(id, await world.code(phone))).toBe(200);
      expect(inboxOf(phone)).toHaveLength(1);
    }
  });

  it('does not wait behind sixty dead numbers that a provider refuses', async () => {
    agg.hangs();
    const dead = new Set(Array.from({ length: 60 }, () => newPhone()));
    world.cloud.hooks.onCall = ({ service, request }) => {
      const { PhoneNumber } = request as { PhoneNumber?: string };
      if (service === 'sns' && dead.has(PhoneNumber ?? '')) throw failure('InvalidParameter');
    };
    await Promise.all([...dead].map((phone) => world.post('/registrations', { phone })));
    const startedAt = Date.now();
    const { id, phone } = await register();
    await eventually(id, 'sent');
    console.log(`Behind sixty dead numbers: ${Date.now() - startedAt} ms`);
    expect(await verify(id, await world.code(phone))).toBe(200);
    phones.push(...dead);
  });

  it('ends as failed when all providers stay down, and is not sent late', async () => {
    sns('fails');
    agg.answers(503);
    const { id, phone } = await register();
    await expect.poll(() => agg.received.length).toBeGreaterThan(1);
    world.clock.advance(301);
    await eventually(id, 'failed');
    await expect.poll(async () => (await newestStored())?.['delivery']?.S).toBe('failed');
    sns('works');
    agg.answers(200);
    agg.received.length = 0;
    const next = await register();
    await eventually(next.id, 'sent');
    expect([...atAggregator(phone), ...inboxOf(phone)]).toEqual([]);
  });

  it('leaves a dead letter without phone or code when the table is down as well', async () => {
    world.cloud.hooks.onCall = ({ functionName, operation }) => {
      if (functionName === 'sms-sender' && operation === 'GetItem')
        throw failure('InternalFailure');
    };
    const { id, phone } = await register();
    await sleep(500);
    world.clock.advance(361);
    const [queue] = world.cloud.deadLetters;
    await expect.poll(() => queue?.messages.length).toBeGreaterThan(0);
    expect(await deliveryOf(id)).toBe('failed');

    const letter = queue?.messages.at(-1);
    expect(letter?.requestContext.condition).toBe('RecordAgeExceeded');
    expect(Object.keys(letter?.DDBStreamBatchInfo ?? {}).sort()).toEqual([
      'approximateArrivalOfFirstRecord',
      'approximateArrivalOfLastRecord',
      'batchSize',
      'endSequenceNumber',
      'shardId',
      'startSequenceNumber',
      'streamArn',
    ]);
    const text = JSON.stringify(queue?.messages);
    expect(text).not.toContain(phone.slice(4));
    expect(text).not.toContain(id);
    expect(text).not.toMatch(/NewImage|Keys/);

    sns('works');
    await eventually((await register()).id, 'sent');
    expect([...atAggregator(phone), ...inboxOf(phone)]).toEqual([]);
  });
});

/** The item of the newest challenge. No other registration runs meanwhile. */
async function newestStored() {
  const items = await openTable(world).scan();
  const challenges = items.filter(({ pk }) => pk?.S?.startsWith('challenge#'));
  return challenges.sort((a, b) => Number(b['createdAt']?.N) - Number(a['createdAt']?.N))[0];
}

describe('a provider that accepts an SMS and does not deliver it', () => {
  it('is passed over by a resend, which sends the same code by the other provider', async () => {
    const { id, phone } = await register();
    await eventually(id, 'sent');
    world.clock.advance(60);
    expect((await world.post(`/challenges/${id}/send`, {})).status).toBe(202);
    const code = await world.code(phone);
    expect(atAggregator(phone).map((sent) => sent.code)).toEqual([code]);
    expect(await verify(id, code)).toBe(200);
  });
});

describe('delivery receipts', () => {
  function report(receipt: object, key = webhookKey) {
    const body = JSON.stringify(receipt);
    const timestamp = String(Math.floor(world.clock.now() / 1000));
    const signature = sign(key, { provider: 'agg', timestamp, body: Buffer.from(body) });
    const headers = { 'X-Hawiya-Signature': signature, 'x-hawiya-timestamp': timestamp };
    return world.postRaw('/receipts/agg', body, { headers });
  }

  async function taken() {
    const person = await register();
    await eventually(person.id, 'sent');
    return { ...person, ref: atAggregator(person.phone)[0]?.ref ?? '' };
  }

  it('tell the claimant that the SMS was delivered', async () => {
    const { id, ref } = await taken();
    expect((await report({ ref, status: 'delivered' })).status).toBe(204);
    expect(await deliveryOf(id)).toBe('delivered');
  });

  it('that repeat a failure send the same code once by the other provider', async () => {
    const { id, phone, ref } = await taken();
    const failed = () => report({ ref, status: 'undelivered' });
    expect((await Promise.all([failed(), failed(), failed()])).map((a) => a.status)).toEqual([
      204, 204, 204,
    ]);
    const code = await world.code(phone);
    await eventually(id, 'sent');
    await failed();
    expect(atAggregator(phone).map((sent) => sent.code)).toEqual([code]);
    await sleep(500);
    expect(inboxOf(phone)).toHaveLength(1);
    expect(await verify(id, code)).toBe(200);
  });

  it('that report a failure after the code has expired send nothing', async () => {
    const { id, phone, ref } = await taken();
    world.clock.advance(301);
    await report({ ref, status: 'undelivered' });
    await eventually(id, 'failed');
    await sleep(500);
    expect(inboxOf(phone)).toEqual([]);
  });

  it('are refused and change nothing when another key signed them', async () => {
    const { id, ref } = await taken();
    const forged = await report({ ref, status: 'delivered' }, 'x'.repeat(64));
    expect(outcome(forged)).toBe('unauthenticated');
    expect(await deliveryOf(id)).toBe('sent');
  });

  it('are answered alike whether or not the reference exists', async () => {
    const { ref } = await taken();
    const [known, unknown] = [ref, `${unique()}${unique()}`.slice(0, 43).concat('.1')];
    const answers = await Promise.all(
      [known, unknown, 'nonsense'].map((r) => report({ ref: r, status: 'delivered' })),
    );
    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [204, undefined],
      [204, undefined],
      [204, undefined],
    ]);
  });
});

it('no log line of these tests holds a key, a phone or a text', () => {
  const logged = world.logged.join('\n');
  expect(logged).toContain('"provider":"agg"');
  expect(logged).not.toMatch(/its-key|the key of the webhook/);
  expect(phones.length).toBeGreaterThan(30);
  for (const phone of phones) expect(logged).not.toContain(phone.slice(1));
});
