import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Account } from '#core/model/account.ts';
import type { FactorMethod, FactorProof } from '#core/model/second-factor.ts';
import type { FactorUse, SecondFactorStore } from '#core/ports/second-factor-store.ts';
import { asItStood } from './account-changes.ts';
import { TAKES_METHOD, UNEXPIRED } from './challenge-store.ts';
import { failed, transact } from './contention.ts';
import { recordsInTransaction } from './records.ts';
import { keyOf, type Table, toAttributes } from './table.ts';
import { TICKET_MINE } from './ticket-writes.ts';

/** Its step is newer than any that was accepted, and it is the app the code was checked with. */
const STEP_UNUSED = 'totp.lastStep < :step AND totp.secret = :secret';
const CODE_LEFT = 'contains(recoveryCodes, :tag)';
/**
 * Neither app nor codes were changed since this app was offered, or in the same second: who repeats a confirmation makes
 * its codes good again neither beside the app nor once that was removed.
 */
const OFFER_OPEN =
  '#status = :active AND (attribute_not_exists(factorsChangedAt) OR factorsChangedAt < :offeredAt)';
/** Who resets the password of an account that is closing, and so takes it back, shows its second factor too. */
const OPEN_AND_SAME = '(#status = :active OR #status = :closing) AND userId = :userId';

/** What becomes of the second factors of an account, and of what they were given for. */
export const secondFactorWrites = (table: Table): SecondFactorStore => ({
  async takeFactor(of, proof, use, records) {
    const reasons = await transact(table, [
      useUp(table, of, proof),
      giveFor(table, proof.method, use),
      ...recordsInTransaction(table, records),
    ]);
    if (!reasons) return { kind: 'taken' };
    return { kind: failed(reasons[0]) ? 'used' : 'lost' };
  },

  async enrolTotp(of, { totp, recoveryCodes, offeredAt }, records) {
    const standing = asItStood(of);
    const reasons = await transact(table, [
      updateAccount(table, of, {
        UpdateExpression: 'SET totp = :totp, recoveryCodes = :codes, factorsChangedAt = :at',
        condition: `${OFFER_OPEN} AND ${standing.condition}`,
        values: {
          ':totp': totp,
          ':at': totp.confirmedAt,
          ':codes': new Set(recoveryCodes),
          ':offeredAt': offeredAt,
          ...standing.values,
        },
      }),
      ...recordsInTransaction(table, records),
    ]);
    return { kind: reasons ? 'gone' : 'changed' };
  },
});

type Of = Pick<Account, 'usernameTag' | 'userId'>;

function useUp(table: Table, of: Of, proof: FactorProof): TransactWriteItem {
  return proof.method === 'totp'
    ? updateAccount(table, of, {
        UpdateExpression: 'SET totp.lastStep = :step',
        condition: STEP_UNUSED,
        values: { ':step': proof.step, ':secret': proof.secret },
      })
    : updateAccount(table, of, {
        UpdateExpression: 'DELETE recoveryCodes :used',
        condition: CODE_LEFT,
        values: { ':used': new Set([proof.tag]), ':tag': proof.tag },
      });
}

function updateAccount(
  { name }: Table,
  { usernameTag, userId }: Of,
  write: {
    readonly UpdateExpression: string;
    readonly condition: string;
    readonly values: Record<string, unknown>;
  },
): TransactWriteItem {
  return {
    Update: {
      TableName: name,
      Key: keyOf.account(usernameTag),
      UpdateExpression: write.UpdateExpression,
      ConditionExpression: `${OPEN_AND_SAME} AND ${write.condition}`,
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: toAttributes({
        ...write.values,
        ':active': 'active',
        ':closing': 'closing',
        ':userId': userId,
      }),
    },
  };
}

function giveFor({ name }: Table, method: FactorMethod, use: FactorUse): TransactWriteItem {
  const item = { TableName: name, Key: keyOf.challenge(use.idHash) };
  const names = { ExpressionAttributeNames: { '#status': 'status' } };
  if (use.kind === 'ticket') {
    return {
      Update: {
        ...item,
        ...names,
        UpdateExpression: 'SET secondFactor = :method',
        ConditionExpression: TICKET_MINE,
        ExpressionAttributeValues: toAttributes({
          ':method': method,
          ':inUse': 'in-use',
          ':me': use.usedBy,
        }),
      },
    };
  }
  return {
    Update: {
      ...item,
      ...names,
      // No SMS was proved to arrive, so the code earns no money back: that is done with.
      UpdateExpression:
        'SET #status = :verified, ticketExpiresAt = :ticketEnd, verifiedBy = :nonce, verifiedWith = :method, earned = :true',
      ConditionExpression: `#status = :pending AND ${TAKES_METHOD} AND ${UNEXPIRED}`,
      ExpressionAttributeValues: toAttributes({
        ':verified': 'verified',
        ':pending': 'pending',
        ':method': method,
        ':true': true,
        ':ticketEnd': use.ticketExpiresAt,
        ':now': use.now,
        ':nonce': use.nonce,
      }),
    },
  };
}
