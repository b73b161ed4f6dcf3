import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sign } from '#core/crypto/webhook-signature.ts';
import { changeKinds, noticeMessage } from '#core/delivery/notice-messages.ts';
import type { Notice } from '#core/model/records.ts';
import { languages } from '#core/values/language.ts';
import { phone as newPhone } from '../support/fakes/builders.ts';
import { openSmsWorld, type SmsWorld, webhookKey } from '../support/world/sms-world.ts';
import type { World } from '../support/world/world.ts';
import { openRecords } from '../support/world/world-records.ts';

/** An aggregator first, SNS second; notices are written as a change writes them. */
let world: World;
let records: ReturnType<typeof openRecords>;
let agg: SmsWorld['agg'];
let smsWorld: SmsWorld;
const phones: string[] = [];

beforeAll(async () => {
  smsWorld = await openSmsWorld();
  ({ world, agg } = smsWorld);
  records = openRecords(world);
});
afterAll(() => smsWorld?.close());
beforeEach(() => smsWorld.renew());

function sns(behaviour: 'works' | 'fails'): void {
  world.cloud.hooks.onCall = ({ service }) => {
    if (service !== 'sns' || behaviour === 'works') return;
    throw Object.assign(new Error('down'), { name: 'InternalFailure' });
  };
}

function somebody(): string {
  const phone = newPhone();
  phones.push(phone);
  return phone;
}

/** The SMS that a phone received, from either provider. */
const smsTo = (phone: string): string[] => [
  ...atAggregator(phone).map(({ text }) => text),
  ...world.inbox.messages(phone).map(({ body }) => body),
];
const atAggregator = (phone: string): { text: string; ref: string }[] =>
  agg.received.map(({ body }) => JSON.parse(body)).filter(({ to }) => `+${to}` === phone);

const waitFor = (count: number, phone: string) =>
  expect.poll(() => smsTo(phone).length, { interval: 50 }).toBe(count);

/** The queue's messages for the next retry round of a notice. */
const waitingFor = ({ id }: Notice) =>
  world.cloud.queues
    .flatMap((queue) => queue.messages())
    .filter(({ body }) => JSON.parse(body).noticeId === id);
/** How often the aggregator was asked to text a phone. */
const askedFor = (phone: string) => atAggregator(phone).length;

/** Moves the clock on until `done`: retry rounds come ever later. */
async function whileTimePasses(seconds: number, done: () => boolean): Promise<void> {
  for (let n = 0; n < 100 && !done(); n++) {
    world.clock.advance(seconds);
    await sleep(200);
  }
}

describe('a notice', () => {
  it('reaches the account’s phone once, in its language, for every kind', async () => {
    const expected = changeKinds.flatMap((kind) =>
      languages.map((language) => ({ kind, language })),
    );
    const notices = expected.map((partial) => ({ phone: somebody(), ...partial }));
    for (const { phone, ...partial } of notices) {
      await records.write({ notices: [records.noticeTo(phone, partial)] });
    }
    for (const { phone } of notices) await waitFor(1, phone);
    await sleep(500);
    for (const { phone, kind, language } of notices) {
      expect(smsTo(phone)).toEqual([noticeMessage(kind, language)]);
    }
  });

  it('does not count against the codes of its phone: a code is sent after three notices', async () => {
    const phone = somebody();
    for (let n = 0; n < 3; n++) await records.write({ notices: [records.noticeTo(phone)] });
    await waitFor(3, phone);
    const { status } = await world.post('/registrations', { phone });
    expect(status).toBe(202);
    await waitFor(4, phone);
  });
});

describe('a notice while every provider is down', () => {
  it('waits longer than any code lives, and arrives once when a provider is back', async () => {
    sns('fails');
    agg.answers(503);
    const phone = somebody();
    const notice = records.noticeTo(phone);
    await records.write({ notices: [notice] });
    await expect.poll(() => askedFor(phone)).toBeGreaterThan(0);
    await whileTimePasses(30, () => askedFor(phone) > 4);

    await expect.poll(() => waitingFor(notice).length).toBe(1);
    expect(JSON.stringify(waitingFor(notice))).not.toContain(phone.slice(4));

    agg.received.length = 0;
    agg.answers(200);
    sns('works');
    await whileTimePasses(60, () => smsTo(phone).length > 0);
    await waitFor(1, phone);
    expect(world.clock.now() / 1000 - notice.createdAt).toBeGreaterThan(300);
    await sleep(500);
    expect(smsTo(phone)).toHaveLength(1);
  });

  it('is given up when it expires, and is never sent late', async () => {
    sns('fails');
    agg.answers(503);
    const phone = somebody();
    const soon = Math.floor(world.clock.now() / 1000) + 60;
    const notice = records.noticeTo(phone, { expiresAt: soon });
    await records.write({ notices: [notice] });
    const waiting = () => waitingFor(notice).length;
    await expect.poll(waiting).toBe(1);
    expect(askedFor(phone)).toBeGreaterThan(0);
    world.clock.advance(120);
    await expect.poll(waiting).toBe(0);
    const failures = () => world.logged.filter((line) => line.includes('"NoticeFailed":1')).length;
    await expect.poll(failures).toBe(1);
    agg.received.length = 0;
    agg.answers(200);
    sns('works');
    await sleep(500);
    expect(smsTo(phone)).toEqual([]);
  });
});

describe('a receipt of a notice', () => {
  it('sends the notice once by the other provider when it reports a failure', async () => {
    const phone = somebody();
    await records.write({ notices: [records.noticeTo(phone)] });
    await waitFor(1, phone);
    const body = JSON.stringify({ ref: atAggregator(phone)[0]?.ref, status: 'undelivered' });
    const timestamp = String(Math.floor(world.clock.now() / 1000));
    const signature = sign(webhookKey, { provider: 'agg', timestamp, body: Buffer.from(body) });
    const headers = { 'x-hawiya-signature': signature, 'x-hawiya-timestamp': timestamp };
    // Without this wait, the receipt may come before the sender has recorded the send.
    await sleep(300);
    const report = () => world.postRaw('/receipts/agg', body, { headers });
    expect((await Promise.all([report(), report()])).map(({ status }) => status)).toEqual([
      204, 204,
    ]);
    await expect.poll(() => world.inbox.messages(phone).length).toBe(1);
    await sleep(500);
    expect([atAggregator(phone).length, world.inbox.messages(phone).length]).toEqual([1, 1]);
  });
});

it('no log line, queue, dead letter or event of these tests holds a phone', () => {
  const { queues, deadLetters, buses } = world.cloud;
  const seen = JSON.stringify([
    world.logged,
    queues.map((queue) => queue.messages()),
    deadLetters.map(({ messages, redriven }) => [messages, redriven]),
    buses.events,
  ]);
  expect(world.logged.join('\n')).toContain('"delivery":"sent"');
  for (const phone of phones) expect(seen).not.toContain(phone.slice(4));
  expect(phones.length).toBeGreaterThan(10);
});
