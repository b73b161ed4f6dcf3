import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { noticeRetryPolicy } from '#core/delivery/retry-policy.ts';
import type { NoticeStore, StoredNotice } from '#core/ports/notice-store.ts';
import { updater, writer } from './conditional-update.ts';
import { conditionHolds } from './contention.ts';
import { deliveryWrites } from './delivery-writes.ts';
import { noticeItem } from './records.ts';
import { type Attributes, fromAttributes, keyOf, type Table } from './table.ts';

type Stored = StoredNotice & { readonly askedBy?: string };

/** The stream delivered the same record before: the notice may be sent already, and must not be owed again. */
const NEW = 'attribute_not_exists(pk)';

/** Reads notices and records their delivery. {@link recordsInTransaction} creates them too. */
export const createNoticeStore = (table: Table): NoticeStore => {
  const items = { table, keyOf: keyOf.notice };
  return {
    async owe(notice) {
      const write = new PutItemCommand({
        TableName: table.name,
        Item: noticeItem(notice),
        ConditionExpression: NEW,
      });
      await conditionHolds(() => table.client.send(write));
    },
    async find(id) {
      const read = new GetItemCommand({
        TableName: table.name,
        Key: keyOf.notice(id),
        ConsistentRead: true,
      });
      return fromItem((await table.client.send(read)).Item);
    },
    ...deliveryWrites(updater(items, fromItem), writer(items), noticeRetryPolicy),
  };
};

function fromItem(item: Attributes | undefined): Stored | undefined {
  const attributes = fromAttributes(item);
  if (!attributes) return undefined;
  const { pk, ...notice } = attributes;
  return { ...notice, id: String(pk).replace('notice#', '') } as unknown as Stored;
}
