import type { SecurityEvent } from '../model/records.ts';

/** The security events of a user. Most are written in the transaction of the change that they report. */
export interface EventStore {
  /** Writes an event that reports no change. */
  add(event: SecurityEvent): Promise<void>;
  /** All stored events of a user, oldest first. */
  list(userId: string): Promise<SecurityEvent[]>;
  /** Deletes all events of a user except `account.closed`. */
  eraseAll(userId: string): Promise<void>;
}
