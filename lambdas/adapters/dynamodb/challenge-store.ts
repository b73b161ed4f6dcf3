import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { ChallengeStore } from '../../core/challenge-ports.ts';
import { patienceForCodes } from '../../core/engine/patience.ts';
import { fromItem, updateChallenge, writeChallenge } from './challenge-update.ts';
import { chargeInTransaction, refusedCharge, returnInTransaction } from './charge.ts';
import { transact } from './contention.ts';
import { deliveryWrites } from './delivery-writes.ts';
import { keyOf, type Table, toAttributes } from './table.ts';

// The conditions are the security: each clause has a name and says what it keeps out.

/** Not verified, not used up by guesses. */
const OPEN = '#status = :pending AND attempts < :maxAttempts';
/** Its code may be tried: before its expiry, or before its first send is due. TTL deletes hours late. */
export const UNEXPIRED =
  '(expiresAt > :now OR (attribute_not_exists(expiresAt) AND sendBy > :now))';
/**
 * Its code may be accepted: an SMS of it may be out, so somebody may know the code and its owner is warned, and it is
 * no decoy. A guess that comes sooner can never be right, which is why it fills no ledger.
 */
const ACCEPTABLE = 'expiresAt > :now AND attribute_exists(asked) AND decoy = :notDecoy';
/** An answer of this kind was offered with it. */
export const TAKES_METHOD = 'contains(methods, :method)';
/** Nobody else has the ticket: free, mine from before, or its lease is over. */
const TICKET_FREE =
  '(#status = :verified OR (#status = :inUse AND (usedBy = :me OR inUseUntil <= :now)))';
/** The ticket is good for this flow, now, and has not been used to probe. */
const TICKET_GOOD = 'purpose = :purpose AND ticketExpiresAt > :now AND uses < :maxUses';
export const TICKET_MINE = '#status = :inUse AND usedBy = :me';
/** Mine, or spent by a twin of this very request. */
export const TICKET_MINE_OR_DONE = '(#status = :inUse OR #status = :spent) AND usedBy = :me';

/** Seconds after the last thing that can happen to a challenge at which TTL may take it. */
const keptSeconds = 3600;

export const createChallengeStore = (table: Table): ChallengeStore => {
  const update = updateChallenge(table);

  return {
    async start(challenge, charges, now, returned) {
      const { idHash, ...attributes } = challenge;
      const ttl = challenge.sendBy + 1200 + keptSeconds;
      const reasons = await transact(table, [
        {
          Put: {
            TableName: table.name,
            Item: { ...keyOf.challenge(idHash), ...toAttributes({ ...attributes, ttl }) },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        ...charges.map((charge) => chargeInTransaction(table, charge, now)),
        ...(returned ? [returnInTransaction(table, returned)] : []),
      ]);
      if (!reasons) return { kind: 'started' };
      const refused = refusedCharge(charges, reasons.slice(1), now);
      if (refused) return refused;
      throw new Error('A challenge id came up twice');
    },

    async find(idHash) {
      const read = new GetItemCommand({
        ...{ TableName: table.name, Key: keyOf.challenge(idHash), ConsistentRead: true },
      });
      return fromItem((await table.client.send(read)).Item);
    },

    async send(read, { sendAgainAt, expiresAt }, charges, now) {
      const reasons = await transact(table, [
        {
          Update: {
            ...{ TableName: table.name, Key: keyOf.challenge(read.idHash) },
            // What became of the send before says nothing of this one.
            UpdateExpression:
              'SET sends = :next, outbox = :next, sendAgainAt = :sendAgainAt, expiresAt = :expiresAt REMOVE delivery, provider, failedBy, round, unansweredAt',
            // Optimistic: whoever sent in between changed `sends`, and both cool-down and expiry with it.
            ConditionExpression: '#status = :pending AND sends = :sends',
            ExpressionAttributeNames: { '#status': 'status' },
            ExpressionAttributeValues: toAttributes({
              ...{ ':sends': read.sends, ':next': read.sends + 1, ':pending': 'pending' },
              ...{ ':sendAgainAt': sendAgainAt, ':expiresAt': expiresAt },
            }),
          },
        },
        ...charges.map((charge) => chargeInTransaction(table, charge, now)),
      ]);
      if (!reasons) return { kind: 'sent' };
      return refusedCharge(charges, reasons.slice(1), now) ?? { kind: 'stale' };
    },

    async verify(idHash, { right, now, ticketExpiresAt, maxAttempts, nonce }) {
      const result = await update(
        idHash,
        'SET #status = :verified, ticketExpiresAt = :ticketExpiresAt, verifiedBy = :nonce',
        `${OPEN} AND ${ACCEPTABLE}`,
        {
          ...{
            ':pending': 'pending',
            ':verified': 'verified',
            ':now': now,
          },
          ...{ ':ticketExpiresAt': ticketExpiresAt, ':maxAttempts': maxAttempts, ':nonce': nonce },
          // A wrong code makes the same write, with a condition that nothing fulfils.
          ':notDecoy': right ? false : 'no',
        },
      );
      if ('won' in result) return { kind: 'verified' };
      // The SDK repeats a write whose answer was lost: then it was this very call that verified.
      if (result.lost?.verifiedBy === nonce) return { kind: 'verified' };
      return { kind: 'unchanged', challenge: result.lost };
    },

    async countVerified(idHash) {
      const result = await update(
        idHash,
        'SET earned = :true',
        'attribute_exists(ticketExpiresAt) AND attribute_not_exists(earned)',
        { ':true': true },
      );
      return 'won' in result
        ? { kind: 'counted', challenge: result.won }
        : { kind: 'counted-before' };
    },

    async countAttempt(idHash, { now, maxAttempts, method }) {
      const clauses = [OPEN, UNEXPIRED, ...(method ? [TAKES_METHOD] : [])];
      const result = await update(idHash, 'ADD attempts :one', clauses.join(' AND '), {
        ...{ ':one': 1, ':pending': 'pending', ':maxAttempts': maxAttempts, ':now': now },
        ...(method && { ':method': method }),
      });
      if ('won' in result) return { kind: 'counted', challenge: result.won };
      return { kind: 'unchanged', challenge: result.lost };
    },

    async claimTicket(idHash, { purpose, usedBy, now, until, maxUses }) {
      const result = await update(
        idHash,
        'SET #status = :inUse, usedBy = :me, inUseUntil = :until ADD uses :one',
        `${TICKET_GOOD} AND ${TICKET_FREE}`,
        {
          ...{ ':verified': 'verified', ':inUse': 'in-use', ':me': usedBy, ':purpose': purpose },
          ...{ ':now': now, ':until': until, ':maxUses': maxUses, ':one': 1 },
        },
      );
      if ('won' in result) return { kind: 'claimed', challenge: result.won };
      const { lost } = result;
      const busy =
        lost?.status === 'in-use' &&
        lost.purpose === purpose &&
        lost.uses < maxUses &&
        (lost.ticketExpiresAt ?? 0) > now;
      return busy ? { kind: 'busy', until: lost.inUseUntil ?? now } : { kind: 'refused' };
    },

    async countTicketAttempt(idHash, { usedBy, maxAttempts }) {
      const unused = `${TICKET_MINE} AND attempts < :maxAttempts`;
      const result = await update(idHash, 'ADD attempts :one', unused, {
        ...{ ':one': 1, ':maxAttempts': maxAttempts, ':inUse': 'in-use', ':me': usedBy },
      });
      return 'won' in result ? { kind: 'counted', challenge: result.won } : { kind: 'refused' };
    },

    async releaseTicket(idHash, usedBy) {
      await update(idHash, 'SET #status = :verified REMOVE usedBy, inUseUntil', TICKET_MINE, {
        ...{ ':verified': 'verified', ':inUse': 'in-use', ':me': usedBy },
      });
    },

    async spendTicket(idHash, usedBy) {
      const result = await update(idHash, 'SET #status = :spent', TICKET_MINE_OR_DONE, {
        ...{ ':spent': 'spent', ':inUse': 'in-use', ':me': usedBy },
      });
      return { kind: 'won' in result ? 'spent' : 'lost' };
    },

    ...deliveryWrites(update, writeChallenge(table), patienceForCodes),
  };
};
