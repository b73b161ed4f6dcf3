import { beforeAll, describe, expect, it } from 'vitest';
import type { ChangeNotice, Records } from '#core/model/records.ts';
import type { NoticeStore } from '#core/ports/notice-store.ts';
import type { Receipt } from '#core/ports/outbox.ts';
import { createNoticeStore } from '../../lambdas/adapters/dynamodb/notice-store.ts';
import { now, unique } from '../support/fakes/builders.ts';
import { fakeNoticeStore } from '../support/fakes/notice-store.ts';
import { noticeOf, writeRecords } from '../support/world/records.ts';
import { newTable, thatRunHere } from '../support/world/table.ts';

interface Opened {
  readonly store: NoticeStore;
  write(records: Partial<Records>): Promise<void>;
}

const implementations = thatRunHere<Opened>([
  [
    'the fake',
    async () => {
      const written: Partial<Records>[] = [];
      const write = async (records: Partial<Records>) => void written.push(records);
      return { store: fakeNoticeStore(written), write };
    },
  ],
  [
    'DynamoDB',
    async () => {
      const table = await newTable();
      return { store: createNoticeStore(table), write: (records) => writeRecords(table, records) };
    },
  ],
]);

describe.each(implementations)('a notice in %s', (_, open) => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await open();
  });

  async function owed(partial: Partial<ChangeNotice> = {}): Promise<string> {
    const notice = noticeOf(partial);
    await opened.write({ notices: [notice] });
    return notice.id;
  }

  const receipt = (partial: Partial<Receipt> = {}): Receipt => ({
    sendNumber: 1,
    provider: 'a',
    delivery: 'delivered',
    now,
    ...partial,
  });

  async function known(id: string) {
    const { outbox, delivery, provider, failedBy, asked, round } =
      (await opened.store.find(id)) ?? {};
    const entries = asked && [...asked];
    return JSON.parse(
      JSON.stringify({ outbox, delivery, provider, failedBy, asked: entries, round }),
    );
  }

  async function taken(by: string, partial: Partial<ChangeNotice> = {}): Promise<string> {
    const id = await owed(partial);
    await opened.store.recordAttempt(id, 1, { entry: `1.${by}.1`, nonce: unique() });
    await opened.store.settle(id, 1, { delivery: 'sent', provider: by });
    return id;
  }

  it('is owed from its transaction on, and is found as it was written', async () => {
    const notice = noticeOf({ kind: 'phone-changed', language: 'en' });
    await opened.write({ notices: [notice] });
    expect(await opened.store.find(notice.id)).toMatchObject({ ...notice, outbox: 1 });
    expect(await opened.store.find(unique())).toBeUndefined();
  });

  it('is owed once by its id: a repetition leaves what was sent as it is', async () => {
    const notice = noticeOf();
    await opened.store.owe(notice);
    expect(await opened.store.find(notice.id)).toMatchObject({ ...notice, outbox: 1 });
    await opened.store.recordAttempt(notice.id, 1, { entry: '1.a.1', nonce: unique() });
    await opened.store.settle(notice.id, 1, { delivery: 'sent', provider: 'a' });
    await opened.store.owe({ ...notice, phoneTag: unique() });
    expect(await known(notice.id)).toMatchObject({ delivery: 'sent', provider: 'a' });
    expect(await opened.store.find(notice.id)).toMatchObject(notice);
    expect((await opened.store.find(notice.id))?.outbox).toBeUndefined();
  });

  it('is attempted by one of two parallel requests', async () => {
    const id = await owed();
    const ask = () => opened.store.recordAttempt(id, 1, { entry: '1.a.1', nonce: unique() });
    expect((await Promise.all([ask(), ask()])).filter(Boolean)).toHaveLength(1);
  });

  it('waits for its next round, and is settled once', async () => {
    const id = await owed();
    await opened.store.defer(id, 1, { round: 1, removedAttempts: [], refusedBy: [] });
    expect(await known(id)).toEqual({ outbox: 1, round: 1 });
    await opened.store.settle(id, 1, { delivery: 'sent', provider: 'a' });
    await opened.store.settle(id, 1, { delivery: 'failed' });
    expect(await known(id)).toEqual({ delivery: 'sent', provider: 'a' });
    expect(await opened.store.recordAttempt(id, 1, { entry: '1.b.1', nonce: unique() })).toBe(
      false,
    );
  });

  it('goes back into the outbox once when its provider reports a failure', async () => {
    const id = await taken('a');
    const failed = receipt({ delivery: 'failed' });
    await Promise.all([
      opened.store.recordReceipt(id, failed),
      opened.store.recordReceipt(id, failed),
    ]);
    expect(await known(id)).toEqual({ outbox: 1, failedBy: ['a'], asked: ['1.a.1'] });
  });

  it('is not sent again after its expiry', async () => {
    const id = await taken('a', { expiresAt: now });
    await opened.store.recordReceipt(id, receipt({ delivery: 'failed' }));
    expect(await known(id)).toMatchObject({ delivery: 'failed', failedBy: ['a'] });
    expect(await known(id)).not.toHaveProperty('outbox');
  });

  it('is delivered when its provider reports it, and stays delivered', async () => {
    const id = await taken('a');
    await opened.store.recordReceipt(id, receipt());
    await opened.store.recordReceipt(id, receipt({ delivery: 'failed' }));
    await opened.store.recordReceipt(id, receipt({ provider: 'b', delivery: 'failed' }));
    expect(await known(id)).toMatchObject({ delivery: 'delivered', provider: 'a' });
  });

  it('follows the receipt of any provider that was asked, also at the sixth attempt', async () => {
    for (const time of [1, 2, 3, 6]) {
      const [arrived, lost] = [await owed(), await owed()];
      for (const id of [arrived, lost]) {
        await opened.store.recordAttempt(id, 1, { entry: `1.a.${time}`, nonce: unique() });
      }
      await opened.store.recordReceipt(arrived, receipt({ provider: 'b' }));
      expect(await known(arrived)).not.toHaveProperty('delivery');
      await opened.store.recordReceipt(arrived, receipt());
      await opened.store.recordReceipt(lost, receipt({ delivery: 'failed' }));
      expect(await known(arrived)).toMatchObject({ delivery: 'delivered' });
      expect(await known(lost)).toMatchObject({ failedBy: ['a'] });
    }
  });

  it('is not created by a receipt', async () => {
    const id = unique();
    await opened.store.recordReceipt(id, receipt({ delivery: 'failed' }));
    await opened.store.recordReceipt(id, receipt());
    expect(await opened.store.find(id)).toBeUndefined();
  });
});
