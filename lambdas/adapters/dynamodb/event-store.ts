import type { SecurityEvent } from '#core/model/records.ts';
import type { EventStore } from '#core/ports/event-store.ts';
import { transact } from './contention.ts';
import { eraseItems, readAll } from './partition.ts';
import { recordsInTransaction } from './records.ts';
import { type Attributes, fromAttributes, type Table } from './table.ts';

/** The one event that stays: it says that the account was closed. A repeated closing that comes late keeps it too. */
const last: SecurityEvent['type'] = 'account.closed';

export const createEventStore = (table: Table): EventStore => ({
  async add(event) {
    await transact(table, recordsInTransaction(table, { events: [event] }));
  },
  list: async (userId) =>
    (await readAll(table, 'event', userId)).map((item) => eventOf(userId, item)),
  async eraseAll(userId) {
    const found = await readAll(table, 'event', userId);
    await eraseItems(
      table,
      found.filter(({ type }) => type?.S !== last),
    );
  },
});

function eventOf(userId: string, attributes: Attributes): SecurityEvent {
  const { pk: _, sk, ttl: __, schema: ___, ...event } = fromAttributes(attributes) ?? {};
  return { ...event, id: String(sk), userId } as SecurityEvent;
}
