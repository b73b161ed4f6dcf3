import type { Account } from '#core/model/account.ts';
import type { AccountStore, TicketHold } from '#core/ports/account-store.ts';
import { failed, transact } from './contention.ts';
import { recordsInTransaction } from './records.ts';
import { type Attributes, fromAttributes, keyOf, type Table, toAttributes } from './table.ts';
import { TICKET_MINE, TICKET_MINE_OR_DONE } from './ticket-writes.ts';

/** It is active and still the same person's: a name can be given up and taken by somebody else. */
export const ACTIVE_AND_SAME = '#status = :active AND userId = :userId';
/** It is also on that phone. */
export const ACTIVE_ON_THIS_PHONE = `${ACTIVE_AND_SAME} AND phoneTag = :phoneTag`;

/** What an account says of its sessions. */
type Standing = Pick<Account, 'sessionsValidFrom' | 'exceptSession'>;

/**
 * Nothing has ended sessions since it was read: what is asked for by a session is not done behind a reset that overtook
 * it, or its owner would be told that all is theirs again, and it is not.
 */
export function asItStood({ sessionsValidFrom, exceptSession }: Standing) {
  const clause = (name: string, value: unknown) =>
    value === undefined ? `attribute_not_exists(${name})` : `${name} = :${name}AsRead`;
  return {
    condition: [
      clause('sessionsValidFrom', sessionsValidFrom),
      clause('exceptSession', exceptSession),
    ].join(' AND '),
    values: {
      ':sessionsValidFromAsRead': sessionsValidFrom,
      ':exceptSessionAsRead': exceptSession,
    },
  };
}

/** Changes of an account that is open, each with the records that tell of it. */
export const accountChanges = (table: Table): Pick<AccountStore, 'change'> => ({
  async change(of, { remove = [], ...set }, records, authority) {
    const { usernameTag, userId } = of;
    const proof = authority === 'session' ? undefined : authority;
    const standing = authority === 'session' ? asItStood(of) : undefined;
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
          TableName: table.name,
          Key: keyOf.account(usernameTag),
          UpdateExpression: parts.filter(Boolean).join(' '),
          ConditionExpression: [
            proof ? ACTIVE_ON_THIS_PHONE : ACTIVE_AND_SAME,
            ...(standing ? [standing.condition] : []),
          ].join(' AND '),
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: toAttributes({
            ...Object.fromEntries(values),
            ':active': 'active',
            ':userId': userId,
            ':phoneTag': proof?.phoneTag,
            ...standing?.values,
          }),
        },
      },
      ...(proof?.toldBy ? [telling(table, proof.toldBy)] : []),
      ...(proof?.ticket ? [spending(table, proof.ticket)] : []),
      ...recordsInTransaction(table, records),
    ]);
    if (!reasons) return { kind: 'changed' };
    const [account, ticket] = reasons;
    if (failed(account)) return { kind: 'gone' };
    return { kind: hasTold(ticket?.Item, proof?.toldBy) ? 'told' : 'lost' };
  },
});

/** Marks a ticket in the transaction that tells of its use: whoever comes second finds it so. */
const telling = ({ name }: Table, { idHash, usedBy }: TicketHold) => ({
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

/** Told in this ticket's name, and the ticket still this request's: another's may not go on. */
function hasTold(item: Attributes | undefined, by: TicketHold | undefined): boolean {
  const { told, usedBy } = fromAttributes(item) ?? {};
  return by !== undefined && told === true && usedBy === by.usedBy;
}

/** Spends a ticket in the transaction of what it was for. */
export const spending = (
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
