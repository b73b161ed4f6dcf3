import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Records } from '#core/model/records.ts';
import { keyOf, type Table, toAttributes } from './table.ts';

/** Seconds an event is kept: NCA ECC-2 wants logs for 12 months. */
const keptSeconds = 366 * 86_400;
/** Seconds after which TTL may take a notice that was sent, or given up. */
const noticeKeptSeconds = 3600;

/** Events and notices as parts of the transaction of the change they tell of. */
export const recordsInTransaction = (
  { name }: Table,
  { events, notices }: Partial<Records>,
): TransactWriteItem[] => [
  ...(events ?? []).map(({ userId, id, ...event }) => ({
    Put: {
      TableName: name,
      Item: {
        ...keyOf.event(userId, id),
        ...toAttributes({ ...event, schema: 1, ttl: event.at + keptSeconds }),
      },
    },
  })),
  ...(notices ?? []).map(({ id, ...notice }) => ({
    Put: {
      TableName: name,
      Item: {
        ...keyOf.notice(id),
        // `outbox` makes the table's stream deliver it, as it does a code; `sends` and `status` are what the writes
        // about a send ask for (delivery-writes.ts).
        ...toAttributes({
          ...notice,
          outbox: 1,
          sends: 1,
          status: 'pending',
          ttl: notice.expiresAt + noticeKeptSeconds,
        }),
      },
    },
  })),
];
