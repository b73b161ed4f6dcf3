import type { SecurityEvent } from '../model/records.ts';

/** The events of a user. Most are written with the change they tell of, by whoever makes it. */
export interface EventStore {
  /** Writes one that tells of no change. */
  add(event: SecurityEvent): Promise<void>;
  /** All that are kept of a user, oldest first. */
  list(userId: string): Promise<SecurityEvent[]>;
  /** Deletes all there are but `account.closed`: that is what stays. */
  eraseAll(userId: string): Promise<void>;
}
