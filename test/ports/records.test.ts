import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { eventFrom } from '../../lambdas/adapters/dynamodb/event-record.ts';
import { fromAttributes, type Table } from '../../lambdas/adapters/dynamodb/table.ts';
import { eventOf, noticeOf, writeRecords } from '../support/world/records.ts';
import { newTable } from '../support/world/table.ts';

let table: Table;
beforeEach(async () => {
  table = await newTable();
});

const items = async () =>
  (await table.client.send(new ScanCommand({ TableName: table.name }))).Items ?? [];

describe('a security event in the table', () => {
  it('is kept 12 months, leap years too, and is then deleted by TTL (NCA ECC-2:2024 2-12-3-5)', async () => {
    const event = eventOf();
    await writeRecords(table, { events: [event] });
    const ttl = Number(fromAttributes((await items())[0])?.['ttl']);
    const kept = ttl - event.at;
    expect(kept).toBe(366 * 86_400);
    expect(kept).toBeLessThan(13 * 30 * 86_400);
  });

  it('is read back from its image as it was written', async () => {
    const origin = { addressTag: 'tag', place: 'SA', device: 'Safari, iPhone' };
    for (const event of [eventOf(), eventOf({ origin, details: { method: 'totp' } })]) {
      await writeRecords(table, { events: [event] });
      const image = (await items()).find(({ sk }) => sk?.S === event.id);
      expect(JSON.parse(JSON.stringify(eventFrom(image ?? {})))).toEqual(event);
    }
  });

  it('says its type in the name of an attribute, and is no event with none or with several', async () => {
    await writeRecords(table, { events: [eventOf({ type: 'session.reuse-detected' })] });
    const [item = {}] = await items();
    expect(item).toMatchObject({ is_session_reuse_detected: { BOOL: true } });
    expect(item).not.toHaveProperty('type');
    expect(eventFrom({ ...item, is_phone_changed: { BOOL: true } })).toBeUndefined();
    const { is_session_reuse_detected: _, ...bare } = item;
    expect(eventFrom(bare)).toBeUndefined();
  });

  it('is found by its user, newest last, and never by a name', async () => {
    const [first, second] = [eventOf(), eventOf()];
    await writeRecords(table, { events: [first, second] });
    for (const { pk, sk } of await items()) {
      expect([`event#${first.userId}`, `event#${second.userId}`]).toContain(pk?.S);
      expect(sk?.S).toMatch(/^2026-11-23T07:30:00\.000Z#/);
    }
  });
});

describe('a notice in the table', () => {
  it('is deleted soon after it was sent or given up, because it holds a sealed phone', async () => {
    const notice = noticeOf();
    await writeRecords(table, { notices: [notice] });
    const [item] = await items();
    const { ttl, ...rest } = fromAttributes(item) ?? {};
    expect(Number(ttl) - notice.expiresAt).toBe(3600);
    expect(rest).toMatchObject({ pk: `notice#${notice.id}`, outbox: 1, phone: 'sealed' });
  });
});
