import type { EventStore, SecurityEvent } from '../../core/records.ts';
import { transact } from './contention.ts';
import { eraseAll, readAll } from './partition.ts';
import { recordsInTransaction } from './records.ts';
import { type Attributes, fromAttributes, type Table } from './table.ts';

export const createEventStore = (table: Table): EventStore => ({
  async add(event) {
    await transact(table, recordsInTransaction(table, { events: [event] }));
  },
  list: async (userId) =>
    (await readAll(table, 'event', userId)).map((item) => eventOf(userId, item)),
  eraseAll: (userId) => eraseAll(table, 'event', userId),
});

function eventOf(userId: string, attributes: Attributes): SecurityEvent {
  const { pk: _, sk, ttl: __, schema: ___, ...event } = fromAttributes(attributes) ?? {};
  return { ...event, id: String(sk), userId } as SecurityEvent;
}
