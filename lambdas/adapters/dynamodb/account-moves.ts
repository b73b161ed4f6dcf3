import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Account } from '#core/model/account.ts';
import type { PhoneSlots } from '#core/model/phone-slots.ts';
import type { AccountStore } from '#core/ports/account-store.ts';
import {
  ACTIVE_ON_THIS_PHONE,
  sessionsUnchanged,
  spendTicketInTransaction,
} from './account-changes.ts';
import { despiteContention, failed, transact } from './contention.ts';
import { recordsInTransaction } from './records.ts';
import { type Attributes, fromAttributes, keyOf, type Table, toAttributes } from './table.ts';

const NOT_HELD = '(attribute_not_exists(phoneHeldUntil) OR phoneHeldUntil <= :now)';
/** The phone has a free slot. `sms-sender` created the map when it sent the code. */
const HAS_ROOM = 'size(places) < :maximum';

/** Moves an account to another phone, or closes it: in both cases the account leaves its phone. */
export const accountMoves = (
  table: Table,
): Pick<AccountStore, 'movePhone' | 'beginClosing' | 'close'> => ({
  async movePhone(of, { accountsPerPhone, ...to }, records, ticket) {
    const { phoneTag } = to;
    const unchanged = sessionsUnchanged(of);
    const same = sameAccount(table, of);
    const reasons = await transact(table, [
      {
        Update: {
          ...same,
          ConditionExpression: `${same.ConditionExpression} AND ${unchanged.condition}`,
          UpdateExpression:
            'SET phone = :phone, phoneTag = :newTag, phoneHeldUntil = :heldUntil, formerPhone = :former, formerPhoneTag = :formerTag',
          ExpressionAttributeValues: toAttributes({
            ...sameValues(of, 'active'),
            ...unchanged.values,
            ':phone': to.phone,
            ':newTag': phoneTag,
            ':heldUntil': to.phoneHeldUntil,
            ':former': to.formerPhone,
            ':formerTag': to.formerPhoneTag,
          }),
        },
      },
      {
        Update: {
          TableName: table.name,
          Key: keyOf.phone(phoneTag),
          UpdateExpression: 'SET places.#holder = :forEver',
          ConditionExpression: HAS_ROOM,
          ExpressionAttributeNames: { '#holder': holderOf(of) },
          ExpressionAttributeValues: toAttributes({ ':forEver': 0, ':maximum': accountsPerPhone }),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      freeSlot(table, of),
      spendTicketInTransaction(table, ticket),
      ...recordsInTransaction(table, records),
    ]);
    if (!reasons) return { kind: 'moved' };
    const [account, slot] = reasons;
    if (failed(account)) return { kind: 'gone' };
    if (failed(slot)) return { kind: 'phone-full', slots: slotsOf(slot?.Item) };
    return { kind: 'lost' };
  },

  async beginClosing(of, now) {
    const same = sameAccount(table, of);
    const unchanged = sessionsUnchanged(of);
    const write = new UpdateItemCommand({
      ...same,
      UpdateExpression: 'SET #status = :closing',
      ConditionExpression: `${same.ConditionExpression} AND ${NOT_HELD} AND ${unchanged.condition}`,
      ExpressionAttributeValues: toAttributes({
        ...sameValues(of, 'active'),
        ':closing': 'closing',
        ':now': now,
        ...unchanged.values,
      }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await despiteContention(() => table.client.send(write));
      return { kind: 'closing' };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const standing = fromAttributes(error.Item);
      const twin = standing?.['status'] === 'closing' && standing['userId'] === of.userId;
      return { kind: twin ? 'closing' : 'gone' };
    }
  },

  async close(of, sessionId, records, ticket) {
    const reasons = await transact(table, [
      {
        Delete: {
          ...sameAccount(table, of),
          ExpressionAttributeValues: toAttributes(sameValues(of, 'closing')),
        },
      },
      { Delete: { TableName: table.name, Key: keyOf.identity(of.identityTag) } },
      { Delete: { TableName: table.name, Key: keyOf.session(of.userId ?? '', sessionId) } },
      freeSlot(table, of),
      spendTicketInTransaction(table, ticket),
      ...recordsInTransaction(table, records),
    ]);
    if (!reasons) return { kind: 'closed' };
    return { kind: failed(reasons[0]) ? 'gone' : 'lost' };
  },
});

/** The account is still on the phone it was read with, so the slot that is freed is its own. */
const sameAccount = ({ name }: Table, { usernameTag }: Account) => ({
  TableName: name,
  Key: keyOf.account(usernameTag),
  ConditionExpression: ACTIVE_ON_THIS_PHONE,
  ExpressionAttributeNames: { '#status': 'status' },
});

/** @param status the status that the condition requires, as `:active` */
const sameValues = ({ userId, phoneTag }: Account, status: Account['status']) => ({
  ':active': status,
  ':userId': userId,
  ':phoneTag': phoneTag,
});

/** An active account always has its slot. Without the condition, an unknown phone would get an item. */
const freeSlot = ({ name }: Table, of: Account) => ({
  Update: {
    TableName: name,
    Key: keyOf.phone(of.phoneTag),
    UpdateExpression: 'REMOVE places.#holder',
    ConditionExpression: 'attribute_exists(places.#holder)',
    ExpressionAttributeNames: { '#holder': holderOf(of) },
  },
});

function holderOf({ holder }: Account): string {
  if (holder === undefined) throw new Error('An active account has no slot');
  return holder;
}

export function slotsOf(item: Attributes | undefined): PhoneSlots {
  return (fromAttributes(item)?.['places'] ?? {}) as PhoneSlots;
}
