import type { Account, Places } from '../../core/account.ts';
import type { AccountStore } from '../../core/ports.ts';
import { ACTIVE_AND_SAME, spending } from './account-changes.ts';
import { failed, transact } from './contention.ts';
import { recordsInTransaction } from './records.ts';
import { type Attributes, fromAttributes, keyOf, type Table, toAttributes } from './table.ts';

/** It is also on the phone it was read with: the place that is given back is the one it has. */
const ACTIVE_ON_THIS_PHONE = `${ACTIVE_AND_SAME} AND phoneTag = :phoneTag`;
/** There is room. `sms-sender` made the map when it sent the code. */
const HAS_ROOM = 'size(places) < :maximum';

/** Accounts that leave a phone: for another one, or for good. */
export const accountMoves = (table: Table): Pick<AccountStore, 'movePhone' | 'close'> => ({
  async movePhone(of, { phone, phoneTag, phoneHeldUntil, accountsPerPhone }, records, ticket) {
    const reasons = await transact(table, [
      {
        Update: {
          ...sameAccount(table, of),
          UpdateExpression: 'SET phone = :phone, phoneTag = :newTag, phoneHeldUntil = :heldUntil',
          ExpressionAttributeValues: toAttributes({
            ...sameValues(of),
            ...{ ':phone': phone, ':newTag': phoneTag, ':heldUntil': phoneHeldUntil },
          }),
        },
      },
      {
        Update: {
          ...{ TableName: table.name, Key: keyOf.phone(phoneTag) },
          UpdateExpression: 'SET places.#holder = :forEver',
          ConditionExpression: HAS_ROOM,
          ExpressionAttributeNames: { '#holder': placeOf(of) },
          ExpressionAttributeValues: toAttributes({ ':forEver': 0, ':maximum': accountsPerPhone }),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      givePlaceBack(table, of),
      spending(table, ticket),
      ...recordsInTransaction(table, records),
    ]);
    if (!reasons) return { kind: 'moved' };
    const [account, place] = reasons;
    if (failed(account)) return { kind: 'gone' };
    if (failed(place)) return { kind: 'phone-full', places: placesOf(place?.Item) };
    return { kind: 'lost' };
  },

  async close(of, sessionId, records, ticket) {
    const reasons = await transact(table, [
      {
        Delete: {
          ...sameAccount(table, of),
          ExpressionAttributeValues: toAttributes(sameValues(of)),
        },
      },
      { Delete: { TableName: table.name, Key: keyOf.identity(of.identityTag) } },
      { Delete: { TableName: table.name, Key: keyOf.session(of.userId ?? '', sessionId) } },
      givePlaceBack(table, of),
      spending(table, ticket),
      ...recordsInTransaction(table, records),
    ]);
    if (!reasons) return { kind: 'closed' };
    return { kind: failed(reasons[0]) ? 'gone' : 'lost' };
  },
});

const sameAccount = ({ name }: Table, { usernameTag }: Account) => ({
  ...{ TableName: name, Key: keyOf.account(usernameTag) },
  ConditionExpression: ACTIVE_ON_THIS_PHONE,
  ExpressionAttributeNames: { '#status': 'status' },
});

const sameValues = ({ userId, phoneTag }: Account) => ({
  ...{ ':active': 'active', ':userId': userId, ':phoneTag': phoneTag },
});

/** An active account always has its place: without the condition a phone that never was would get an item. */
const givePlaceBack = ({ name }: Table, of: Account) => ({
  Update: {
    ...{ TableName: name, Key: keyOf.phone(of.phoneTag) },
    UpdateExpression: 'REMOVE places.#holder',
    ConditionExpression: 'attribute_exists(places.#holder)',
    ExpressionAttributeNames: { '#holder': placeOf(of) },
  },
});

function placeOf({ holder }: Account): string {
  if (holder === undefined) throw new Error('An active account without its place');
  return holder;
}

export function placesOf(item: Attributes | undefined): Places {
  return (fromAttributes(item)?.['places'] ?? {}) as Places;
}
