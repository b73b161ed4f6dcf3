import type { SendState } from '../model/challenge.ts';
import type { Notice } from '../model/records.ts';
import type { Outbox } from './outbox.ts';

/**
 * Notices. Most are written in the transaction of the change that they report (`recordsInTransaction`). Those of a lost
 * phone or a closed account are written by the reader of the table's stream. Each is sent once.
 */
export interface NoticeStore extends Outbox {
  /** Writes a notice that is owed from now on. A notice with that id that exists already stays as it is. */
  owe(notice: Notice): Promise<void>;
  find(id: string): Promise<StoredNotice | undefined>;
}

export type StoredNotice = Notice & SendState;
