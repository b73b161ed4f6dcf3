import { randomBytes } from 'node:crypto';
import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { ChangeNotice, Records, SecurityEvent } from '#core/model/records.ts';
import { recordsInTransaction } from '../../../lambdas/adapters/dynamodb/records.ts';
import type { Table } from '../../../lambdas/adapters/dynamodb/table.ts';
import { now, unique } from '../fakes/builders.ts';

/** A notice as a change writes it. */
export const noticeOf = (partial: Partial<ChangeNotice> = {}): ChangeNotice => ({
  id: unique(),
  kind: 'password-changed',
  language: 'ar',
  phone: 'sealed',
  phoneTag: unique(),
  createdAt: now,
  expiresAt: now + 6 * 3600,
  ...partial,
});

/** An event as a change writes it. */
export function eventOf(partial: Partial<SecurityEvent> = {}): SecurityEvent {
  const { at = now } = partial;
  const random = randomBytes(9).toString('base64url');
  return {
    id: `${new Date(at * 1000).toISOString()}#${random}`,
    type: 'password.changed',
    at,
    userId: unique(),
    origin: { addressTag: randomBytes(32).toString('base64url'), device: 'Chrome, Android' },
    ...partial,
  };
}

/** Writes records as a change does, without the change. */
export async function writeRecords(table: Table, records: Partial<Records>): Promise<void> {
  const TransactItems = recordsInTransaction(table, records);
  await table.client.send(new TransactWriteItemsCommand({ TransactItems }));
}
