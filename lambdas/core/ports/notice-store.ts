import type { SendState } from '../model/challenge.ts';
import type { Notice } from '../model/records.ts';
import type { Outbox } from './outbox.ts';

/**
 * Notices. Each is written in the transaction of the change that it reports (`recordsInTransaction`) and is sent
 * once.
 */
export interface NoticeStore extends Outbox {
  find(id: string): Promise<StoredNotice | undefined>;
}

export type StoredNotice = Notice & SendState;
