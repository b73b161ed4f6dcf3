import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { markOf, type Notice, type Records } from '#core/model/records.ts';
import { type Attributes, keyOf, type Table, toAttributes } from './table.ts';

/** Seconds an event is kept: NCA ECC-2 requires logs for 12 months. */
const keptSeconds = 366 * 86_400;
/** Seconds from the end of a notice until TTL may delete it, sent or not. */
const noticeKeptSeconds = 3600;

/** Events and notices, for the transaction of the change they report. */
export const recordsInTransaction = (
  { name }: Table,
  { events, notices }: Partial<Records>,
): TransactWriteItem[] => [
  ...(events ?? []).map(({ userId, id, type, ...event }) => ({
    Put: {
      TableName: name,
      Item: {
        ...keyOf.event(userId, id),
        ...toAttributes({ ...event, [markOf(type)]: true, schema: 1, ttl: event.at + keptSeconds }),
      },
    },
  })),
  ...(notices ?? []).map((notice) => ({ Put: { TableName: name, Item: noticeItem(notice) } })),
];

/** A notice that is owed from now on. */
export const noticeItem = ({ id, ...notice }: Notice): Attributes => ({
  ...keyOf.notice(id),
  // `outbox` makes the table's stream deliver the notice, as it does a code. The writes about a send require `sends` and
  // `status` (delivery-writes.ts).
  ...toAttributes({
    ...notice,
    outbox: 1,
    sends: 1,
    status: 'pending',
    ttl: notice.expiresAt + noticeKeptSeconds,
  }),
});
