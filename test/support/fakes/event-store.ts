import type { Records } from '#core/model/records.ts';
import type { EventStore } from '#core/ports/event-store.ts';

/** Events in memory: those written with changes, and those added on their own. */
export function fakeEventStore(written: Partial<Records>[] = []): EventStore {
  return {
    async add(event) {
      written.push({ events: [event] });
    },
    async list(userId) {
      const all = written.flatMap(({ events = [] }) => events);
      const own = all.filter((event) => event.userId === userId);
      return own.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    },
    async eraseAll(userId) {
      const kept = written.map(({ events = [], ...rest }) => ({
        ...rest,
        events: events.filter(
          (event) => event.userId !== userId || event.type === 'account.closed',
        ),
      }));
      written.splice(0, written.length, ...kept);
    },
  };
}
