import type { Notice } from '../model/records.ts';
import type { Outbox, SendState } from './outbox.ts';

/** Notices are written with the change they tell of (`recordsInTransaction`), and have one send. */
export interface NoticeStore extends Outbox {
  find(id: string): Promise<StoredNotice | undefined>;
}

export type StoredNotice = Notice & SendState;
