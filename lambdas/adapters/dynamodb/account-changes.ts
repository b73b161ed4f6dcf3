import type { AccountChange } from '#core/model/account.ts';
import type { AccountStore, TicketHold } from '#core/ports/account-store.ts';
import { AS_READ, type Standing, stampOf } from './account-stamp.ts';
import { failed, transact } from './contention.ts';
import { recordsInTransaction } from './records.ts';
import { type Attributes, fromAttributes, keyOf, type Table, toAttributes } from './table.ts';
import { TICKET_MINE, TICKET_MINE_OR_DONE } from './ticket-writes.ts';

/**
 * The account is active, on that phone, and still belongs to the same person. After an account is closed, another person
 * may take its username.
 */
export const ACTIVE_ON_THIS_PHONE =
  '#status = :active AND userId = :userId AND phoneTag = :phoneTag';

/** Changes an open account, together with the records of the change. */
export const accountChanges = (table: Table): Pick<AccountStore, 'change'> => ({
  async change(of, { remove = [], ...set }, records, authority) {
    const { usernameTag, userId } = of;
    const proof = authority === 'session' ? undefined : authority;
    const names = Object.keys(set);
    // A change that ends all sessions also ends the one that an earlier change had left open.
    const endsAll = 'sessionsValidFrom' in set && !('exceptSession' in set);
    const gone = [...remove, ...(endsAll ? ['exceptSession'] : [])];
    const sets = names.map((name) => `${name} = :${name}`);
    // The role of the second factors may not write the stamp's parts, so it leaves the stamp alone.
    const stamp = 'sessionsValidFrom' in set ? stampAfter(of, set) : undefined;
    if (stamp !== undefined) sets.push('stamp = :stamp');
    const parts = [
      sets.length > 0 ? `SET ${sets.join(', ')}` : '',
      gone.length > 0 ? `REMOVE ${gone.join(', ')}` : '',
    ];
    const values = Object.entries(set).map(([name, value]) => [
      `:${name}`,
      // A DynamoDB set, so that one code is removed by its value.
      name === 'recoveryCodes' ? new Set(set.recoveryCodes) : value,
    ]);
    const reasons = await transact(table, [
      {
        Update: {
          TableName: table.name,
          Key: keyOf.account(usernameTag),
          UpdateExpression: parts.filter(Boolean).join(' '),
          ...(proof
            ? {
                ConditionExpression: ACTIVE_ON_THIS_PHONE,
                ExpressionAttributeNames: { '#status': 'status' },
              }
            : { ConditionExpression: AS_READ }),
          ExpressionAttributeValues: toAttributes({
            ...Object.fromEntries(values),
            ':stamp': stamp,
            ...(proof
              ? { ':active': 'active', ':userId': userId, ':phoneTag': proof.phoneTag }
              : { ':stampAsRead': stampOf(of) }),
          }),
        },
      },
      ...(proof?.notifiedBy ? [markTold(table, proof.notifiedBy)] : []),
      ...(proof?.ticket ? [spendTicketInTransaction(table, proof.ticket)] : []),
      ...recordsInTransaction(table, records),
    ]);
    if (!reasons) return { kind: 'changed' };
    const [account, ticket] = reasons;
    if (failed(account)) return { kind: 'gone' };
    return { kind: hasTold(ticket?.Item, proof?.notifiedBy) ? 'told' : 'lost' };
  },
});

/** The stamp of an account whose earlier sessions end with this change. */
const stampAfter = (
  { userId }: Standing,
  { sessionsValidFrom, exceptSession }: AccountChange,
): string =>
  stampOf({
    status: 'active',
    ...(userId !== undefined && { userId }),
    ...(sessionsValidFrom !== undefined && { sessionsValidFrom }),
    ...(exceptSession !== undefined && { exceptSession }),
  });

/** Marks a ticket in the transaction that records its use. A parallel request then finds it marked. */
const markTold = ({ name }: Table, { idHash, usedBy }: TicketHold) => ({
  Update: {
    TableName: name,
    Key: keyOf.challenge(idHash),
    UpdateExpression: 'SET told = :true',
    ConditionExpression: `${TICKET_MINE} AND attribute_not_exists(told)`,
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: toAttributes({ ':true': true, ':inUse': 'in-use', ':me': usedBy }),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  },
});

/**
 * Whether the use is already recorded and this request still holds the ticket. A request that no longer holds it may
 * not go on.
 */
function hasTold(item: Attributes | undefined, by: TicketHold | undefined): boolean {
  const { told, usedBy } = fromAttributes(item) ?? {};
  return by !== undefined && told === true && usedBy === by.usedBy;
}

/** Spends a ticket in the transaction of the step it pays for. */
export const spendTicketInTransaction = (
  { name }: Table,
  { idHash, usedBy }: { readonly idHash: string; readonly usedBy: string },
  condition = TICKET_MINE_OR_DONE,
) => ({
  Update: {
    TableName: name,
    Key: keyOf.challenge(idHash),
    UpdateExpression: 'SET #status = :spent',
    ConditionExpression: condition,
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: toAttributes({
      ':spent': 'spent',
      ':inUse': 'in-use',
      ':me': usedBy,
    }),
  },
});
