import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { deliverNotice } from '#core/delivery/deliver-notice.ts';
import type { ChangeNotice } from '#core/model/records.ts';
import { prefixOf } from '#core/model/spending.ts';
import { phone as newPhone, spending } from '../support/fakes/builders.ts';
import { type FakeClock, fakeClock } from '../support/fakes/clock.ts';
import { testKeys } from '../support/fakes/keys.ts';
import { type FakeRetryQueue, fakeRetryQueue } from '../support/fakes/retry-queue.ts';
import { type FakeSmsGateway, fakeSmsGateway } from '../support/fakes/sms-gateway.ts';
import { noticeOf } from '../support/world/records.ts';
import { fakeStores } from '../support/world/stores.ts';

let clock: FakeClock;
let sms: FakeSmsGateway;
let retries: FakeRetryQueue;
let written: { notices: ChangeNotice[] }[];
let ports: ReturnType<typeof portsWith>;
const keys = testKeys();

const portsWith = (money = spending) => ({
  ...fakeStores(written),
  clock,
  sms,
  retries,
  reviewNumbers: [],
  spending: money,
  entropy: randomBytes,
  ...keys.ports,
});

beforeEach(() => {
  clock = fakeClock();
  sms = fakeSmsGateway();
  retries = fakeRetryQueue();
  written = [];
  ports = portsWith();
});

function owed(partial: Partial<ChangeNotice> = {}) {
  const number = newPhone();
  const times = { createdAt: clock(), expiresAt: clock() + 6 * 3600 };
  const notice = noticeOf({ ...times, ...keys.sealedPhone(number), ...partial });
  written.push({ notices: [notice] });
  return { id: notice.id, number };
}

const deliver = (noticeId: string, round = 0) =>
  deliverNotice(ports)({ noticeId, sendNumber: 1, round });

/** Delivers the waiting retries, each at its due time, until none waits. */
async function waitForRetries(atMost = 100): Promise<string[]> {
  const outcomes: string[] = [];
  for (let n = 0; n < atMost; n++) {
    const next = retries.waiting.shift();
    if (!next) break;
    clock.advance(next.seconds);
    if (!('noticeId' in next.send)) throw new Error('No notice waits');
    outcomes.push(await deliverNotice(ports)(next.send));
  }
  return outcomes;
}

describe('a notice', () => {
  it('goes to the phone it was sealed for, in its language, with a reference that marks it as a notice', async () => {
    const { id, number } = owed({ kind: 'account-closed', language: 'en' });
    expect(await deliver(id)).toBe('sent');
    expect(sms.sent).toEqual([
      {
        phone: number,
        body: 'Your health portal account was closed. If that was not you, call 937.',
        reference: `n.${id}.1`,
      },
    ]);
  });

  it('is sent as one SMS, even when the stream repeats it or several senders run in parallel', async () => {
    const { id } = owed();
    await Promise.all([deliver(id), deliver(id), deliver(id)]);
    expect(await deliver(id)).toBe('settled-before');
    expect(sms.sent).toHaveLength(1);
  });

  it('waits ever longer while no provider accepts it, and arrives when one does', async () => {
    const { id } = owed();
    sms.failing = true;
    expect(await deliver(id)).toBe('later');
    await waitForRetries(6);
    expect(retries.waiting).toMatchObject([{ send: { noticeId: id, round: 7 }, seconds: 900 }]);
    sms.failing = false;
    expect(await waitForRetries()).toEqual(['sent']);
    expect(sms.sent).toHaveLength(1);
  });

  it.each([1, 3, 5])(
    'arrives when a provider that was silent for %s hours is back',
    async (hours) => {
      const { id } = owed();
      const startedAt = clock();
      sms.silent = true;
      expect(await deliver(id)).toBe('later');
      while (clock() < startedAt + hours * 3600) expect(await waitForRetries(1)).toEqual(['later']);
      const asked = sms.sent.length;
      expect(asked).toBeLessThan(6);
      sms.silent = false;
      expect((await waitForRetries()).at(-1)).toBe('sent');
      expect(sms.sent).toHaveLength(asked + 1);
    },
  );

  it('is tried six times over hours when the provider never answers, and then given up', async () => {
    const { id } = owed();
    sms.silent = true;
    const startedAt = clock();
    await deliver(id);
    const outcomes = await waitForRetries();
    expect(outcomes.at(-1)).toBe('unanswered');
    expect(sms.sent).toHaveLength(6);
    expect(clock() - startedAt).toBeGreaterThan(5 * 3600);
    expect(clock() - startedAt).toBeLessThan(6 * 3600);
  });

  it('arrives even after a provider has declined it for hours', async () => {
    const { id } = owed();
    sms.declining = true;
    expect(await deliver(id)).toBe('later');
    expect(new Set(await waitForRetries(20))).toEqual(new Set(['later']));
    sms.declining = false;
    expect(await waitForRetries()).toEqual(['sent']);
  });

  it('is given up when it expires, and never sent late', async () => {
    const { id } = owed();
    sms.failing = true;
    await deliver(id);
    const outcomes = await waitForRetries();
    expect(outcomes.at(-1)).toBe('expired');
    expect(outcomes.length).toBeLessThan(32);
    sms.failing = false;
    expect(await deliver(id)).toBe('settled-before');
    expect(sms.sent).toEqual([]);
  });

  it('is not changed by a repeated queue message while a later round waits', async () => {
    const { id } = owed();
    sms.failing = true;
    await deliver(id);
    expect(await deliver(id)).toBe('settled-before');
    expect(retries.waiting).toHaveLength(1);
  });

  it('is not tried again after a final refusal', async () => {
    const { id } = owed();
    sms.refusing = true;
    expect(await deliver(id)).toBe('refused');
    expect(retries.waiting).toEqual([]);
  });

  it('is not sent again by the provider that reported it undelivered', async () => {
    const { id } = owed();
    await deliver(id);
    const failed = { sendNumber: 1, provider: 'fake', delivery: 'failed', now: clock() } as const;
    await ports.notices.recordReceipt(id, failed);
    expect((await ports.notices.find(id))?.outbox).toBe(1);
    expect(await deliver(id)).toBe('unanswered');
    expect(sms.sent).toHaveLength(1);
  });
});

it('a notice whose sealed number is not the phone it names is never sent, and not tried again', async () => {
  const { phoneTag } = keys.sealedPhone(newPhone());
  const { id } = owed(keys.sealedPhone(newPhone(), phoneTag));
  expect(await deliver(id)).toBe('forged');
  expect(await deliver(id)).toBe('settled-before');
  expect([sms.sent, retries.waiting]).toEqual([[], []]);
});

describe('the money of a notice', () => {
  it('is charged to prefix and service, and never to the phone’s ledgers', async () => {
    const { id, number } = owed();
    const paid = vi.spyOn(ports.spendings, 'spend');
    const charged = vi.spyOn(ports.ledgers, 'charge');
    await deliver(id);
    expect(paid.mock.calls.map(([{ scope }]) => scope)).toEqual([
      `prefix-${number.slice(0, 6)}`,
      'service',
    ]);
    expect(charged).not.toHaveBeenCalled();
  });

  it('counts for the day only, and takes nothing from the unverified money of codes', async () => {
    const { id, number } = owed();
    await deliver(id);
    for (const scope of ['service', prefixOf(number)] as const) {
      expect(
        await ports.spendings.earn({ scope, phoneClass: 'account-phone' }, 0, clock()),
      ).toEqual({
        spent: 150,
        unverified: 0,
        unverifiedThisHour: 0,
      });
    }
  });

  it('is still available when all unverified money was pumped away', async () => {
    const pumped = { ...spending.accounts, unverifiedPerHour: 0, unverifiedPerDay: 0 };
    ports = portsWith({ ...spending, accounts: pumped, prefix: pumped });
    expect(await deliver(owed().id)).toBe('sent');
  });

  it('is refunded when no provider accepts the notice', async () => {
    sms.failing = true;
    await deliver(owed().id);
    expect(
      await ports.spendings.earn({ scope: 'service', phoneClass: 'account-phone' }, 0, clock()),
    ).toEqual({
      spent: 0,
      unverified: 0,
      unverifiedThisHour: 0,
    });
  });

  it('makes the notice wait, not fail, when it is used up, so that an attacker cannot silence it', async () => {
    const broke = { ...spending.accounts, perDay: 100 };
    ports = portsWith({ ...spending, accounts: broke });
    const { id } = owed();
    expect(await deliver(id)).toBe('no-budget');
    expect((await ports.notices.find(id))?.outbox).toBe(1);
    ports = { ...ports, spending };
    expect(await waitForRetries()).toEqual(['sent']);
  });
});
