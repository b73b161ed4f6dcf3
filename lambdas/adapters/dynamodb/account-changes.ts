import type { AccountStore } from '../../core/ports.ts';
import { TICKET_MINE_OR_DONE } from './challenge-store.ts';
import { failed, transact } from './contention.ts';
import { recordsInTransaction } from './records.ts';
import { keyOf, type Table, toAttributes } from './table.ts';

/** It is active and still the same person's: a name can be given up and taken by somebody else. */
export const ACTIVE_AND_SAME = '#status = :active AND userId = :userId';
/** It is also on that phone. */
export const ACTIVE_ON_THIS_PHONE = `${ACTIVE_AND_SAME} AND phoneTag = :phoneTag`;

/** Changes of an account that is open, each with the records that tell of it. */
export const accountChanges = (table: Table): Pick<AccountStore, 'change'> => ({
  async change({ usernameTag, userId }, { remove = [], ...set }, records, proof) {
    const names = Object.keys(set);
    // What ends all sessions ends the one that an earlier change had left open.
    const endsAll = 'sessionsValidFrom' in set && !('exceptSession' in set);
    const gone = [...remove, ...(endsAll ? ['exceptSession'] : [])];
    const parts = [
      names.length > 0 ? `SET ${names.map((name) => `${name} = :${name}`).join(', ')}` : '',
      gone.length > 0 ? `REMOVE ${gone.join(', ')}` : '',
    ];
    const values = Object.entries(set).map(([name, value]) => [
      `:${name}`,
      // A set, so that one is taken out by its value.
      name === 'recoveryCodes' ? new Set(set.recoveryCodes) : value,
    ]);
    const reasons = await transact(table, [
      {
        Update: {
          ...{ TableName: table.name, Key: keyOf.account(usernameTag) },
          UpdateExpression: parts.filter(Boolean).join(' '),
          ConditionExpression: proof ? ACTIVE_ON_THIS_PHONE : ACTIVE_AND_SAME,
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: toAttributes({
            ...Object.fromEntries(values),
            ...{ ':active': 'active', ':userId': userId, ':phoneTag': proof?.phoneTag },
          }),
        },
      },
      ...(proof?.ticket ? [spending(table, proof.ticket)] : []),
      ...recordsInTransaction(table, records),
    ]);
    if (!reasons) return { kind: 'changed' };
    return { kind: failed(reasons[0]) ? 'gone' : 'lost' };
  },
});

/** Spends a ticket in the transaction of what it was for. */
export const spending = (
  { name }: Table,
  { idHash, usedBy }: { readonly idHash: string; readonly usedBy: string },
  condition = TICKET_MINE_OR_DONE,
) => ({
  Update: {
    ...{ TableName: name, Key: keyOf.challenge(idHash) },
    UpdateExpression: 'SET #status = :spent',
    ConditionExpression: condition,
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: toAttributes({
      ...{ ':spent': 'spent', ':inUse': 'in-use', ':me': usedBy },
    }),
  },
});
