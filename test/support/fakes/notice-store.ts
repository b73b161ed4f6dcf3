import { noticeRetryPolicy } from '#core/delivery/retry-policy.ts';
import type { Records } from '#core/model/records.ts';
import type { NoticeStore, StoredNotice } from '#core/ports/notice-store.ts';
import { fakeOutbox, type Owing } from './outbox.ts';

const owing = { outbox: 1, sends: 1, status: 'pending' as const };

/**
 * Notices in memory.
 * @param written the records that were written with changes: the notices among them are owed
 */
export function fakeNoticeStore(written: readonly Partial<Records>[] = []): NoticeStore {
  const items = new Map<string, StoredNotice & Owing>();
  const get = (id: string) => {
    const notice = written.flatMap(({ notices = [] }) => notices).find((it) => it.id === id);
    const owed = notice && { ...notice, ...owing };
    return items.get(id) ?? owed;
  };
  return {
    async owe(notice) {
      if (!get(notice.id)) items.set(notice.id, { ...notice, ...owing });
    },
    find: async (id) => get(id),
    ...fakeOutbox<StoredNotice & Owing>(
      { get, set: (id, item) => items.set(id, item) },
      noticeRetryPolicy,
    ),
  };
}
