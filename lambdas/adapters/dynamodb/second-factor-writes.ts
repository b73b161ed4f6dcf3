import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Account } from '#core/model/account.ts';
import type { FactorMethod, FactorProof } from '#core/model/second-factor.ts';
import type { FactorUse, SecondFactorStore } from '#core/ports/second-factor-store.ts';
import { AS_READ, type Standing, stampOf } from './account-stamp.ts';
import { TAKES_METHOD, UNEXPIRED } from './challenge-store.ts';
import { failed, transact } from './contention.ts';
import { recordsInTransaction } from './records.ts';
import { keyOf, type Table, toAttributes } from './table.ts';
import { TICKET_MINE } from './ticket-writes.ts';

/** The code's time step is newer than every accepted one, and the secret is the one the code was checked with. */
const STEP_UNUSED = 'totp.lastStep < :step AND totp.secret = :secret';
const CODE_LEFT = 'contains(recoveryCodes, :tag)';
/**
 * Neither the app nor the codes have changed since this app was offered, nor in that second. Otherwise a repeated
 * confirmation would restore its recovery codes, beside the app or after its removal.
 */
const OFFER_OPEN = '(attribute_not_exists(factorsChangedAt) OR factorsChangedAt < :offeredAt)';

/** Uses up and changes the second factors of an account. */
export const secondFactorWrites = (table: Table): SecondFactorStore => ({
  async takeFactor(of, proof, use, records) {
    const reasons = await transact(table, [
      useUp(table, of, proof),
      recordUse(table, proof.method, use),
      ...recordsInTransaction(table, records),
    ]);
    if (!reasons) return { kind: 'taken' };
    return { kind: failed(reasons[0]) ? 'used' : 'lost' };
  },

  async enrolTotp(of, { totp, recoveryCodes, offeredAt }, records) {
    const reasons = await transact(table, [
      updateAccount(table, of, {
        UpdateExpression: 'SET totp = :totp, recoveryCodes = :codes, factorsChangedAt = :at',
        condition: OFFER_OPEN,
        values: {
          ':totp': totp,
          ':at': totp.confirmedAt,
          ':codes': new Set(recoveryCodes),
          ':offeredAt': offeredAt,
        },
      }),
      ...recordsInTransaction(table, records),
    ]);
    return { kind: reasons ? 'gone' : 'changed' };
  },
});

type AccountRef = Pick<Account, 'usernameTag'> & Standing;

function useUp(table: Table, of: AccountRef, proof: FactorProof): TransactWriteItem {
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
  account: AccountRef,
  write: {
    readonly UpdateExpression: string;
    readonly condition: string;
    readonly values: Record<string, unknown>;
  },
): TransactWriteItem {
  return {
    Update: {
      TableName: name,
      Key: keyOf.account(account.usernameTag),
      UpdateExpression: write.UpdateExpression,
      ConditionExpression: `${AS_READ} AND ${write.condition}`,
      ExpressionAttributeValues: toAttributes({
        ...write.values,
        ':stampAsRead': stampOf(account),
      }),
    },
  };
}

function recordUse({ name }: Table, method: FactorMethod, use: FactorUse): TransactWriteItem {
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
      // The code proved no SMS delivery, so it must earn no money back: `earned` marks that as done.
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
