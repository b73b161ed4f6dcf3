import type { SecurityEvent } from '#core/model/records.ts';
import type { EventStore } from '#core/ports/event-store.ts';
import { transact } from './contention.ts';
import { eventFrom, typeOf } from './event-record.ts';
import { eraseItems, readAll } from './partition.ts';
import { recordsInTransaction } from './records.ts';
import type { Table } from './table.ts';

/** The one event that stays: it says that the account was closed. A repeated closing that comes late keeps it too. */
const last: SecurityEvent['type'] = 'account.closed';

export const createEventStore = (table: Table): EventStore => ({
  async add(event) {
    await transact(table, recordsInTransaction(table, { events: [event] }));
  },
  list: async (userId) =>
    (await readAll(table, 'event', userId)).flatMap((item) => eventFrom(item) ?? []),
  async eraseAll(userId) {
    const found = await readAll(table, 'event', userId);
    await eraseItems(
      table,
      found.filter((item) => typeOf(item) !== last),
    );
  },
});
