import type { SendState } from '../model/challenge.ts';
import type { Notice } from '../model/records.ts';
import type { Outbox } from './outbox.ts';

/** Notices are written with the change they tell of (`recordsInTransaction`), and have one send. */
export interface NoticeStore extends Outbox {
  find(id: string): Promise<StoredNotice | undefined>;
}

export type StoredNotice = Notice & SendState;
