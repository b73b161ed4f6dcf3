import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { codeRetryPolicy } from '#core/delivery/retry-policy.ts';
import { type StoredChallenge, sendKey, verificationOf } from '#core/model/challenge.ts';
import type { ReviewedPhones } from '#core/model/review-number.ts';
import type { ChallengeStore } from '#core/ports/challenge-store.ts';
import { fromItem, updateChallenge, writeChallenge } from './challenge-update.ts';
import {
  chargeInTransaction,
  refusedCharge,
  returnAllInTransaction,
  returnInTransaction,
  verifiedInTransaction,
} from './charge.ts';
import { failed, transact } from './contention.ts';
import { deliveryWrites } from './delivery-writes.ts';
import { keyOf, type Table, toAttributes } from './table.ts';
import { ticketWrites } from './ticket-writes.ts';

// The conditions are the security. Each clause has a name and says what it keeps out.

/** The challenge is not verified, and attempts are left. */
const OPEN = '#status = :pending AND attempts < :maxAttempts';
/**
 * A code may still be tried: before the expiry, or, as long as no code was sent, before the first send is due. The
 * clause is needed because TTL deletes hours late.
 */
export const UNEXPIRED =
  '(expiresAt > :now OR (attribute_not_exists(expiresAt) AND sendBy > :now))';
/**
 * A code may be accepted: the challenge is no decoy, and an SMS may be out. Only then can a person know the code, and
 * its owner has been warned. An earlier guess can never be right, so it fills no ledger.
 */
const ACCEPTABLE = 'expiresAt > :now AND attribute_exists(asked) AND decoy = :notDecoy';
/**
 * The challenge is for one of these phones and was created in their review period. The code of a reviewer is known
 * beforehand and verifies no other challenge.
 */
const ofReviewed = ({ phoneTags }: ReviewedPhones): string =>
  `phoneTag IN (${phoneTags.map((_, n) => `:phone${n}`).join(', ')}) AND createdAt >= :since`;
const reviewedValues = ({ phoneTags, since }: ReviewedPhones) => ({
  ...Object.fromEntries(phoneTags.map((tag, n) => [`:phone${n}`, tag])),
  ':since': since,
});
/** The SMS held the code of one of these key versions. After a rotation, another version's code is a wrong one. */
const sentWith = (versions: readonly number[]): string =>
  `keyVersion IN (${versions.map((_, n) => `:version${n}`).join(', ')})`;
const keyVersionValues = (versions: readonly number[]) =>
  Object.fromEntries(versions.map((version, n) => [`:version${n}`, version]));
/** No attempt was recorded since the challenge was read: the sender has not used its reservation. */
const SAME_ATTEMPTS = 'asked = :asked';
const NO_ATTEMPTS = 'attribute_not_exists(asked)';
/** The challenge offers this method. */
export const TAKES_METHOD = 'contains(methods, :method)';
/** A code was verified, and its verification is not counted yet. */
const UNCOUNTED = 'attribute_exists(verifiedBy) AND attribute_not_exists(earned)';
const COUNT = 'SET earned = :true';
/** Seconds from the last possible event of a challenge until TTL may delete it. */
const keptSeconds = 3600;

/** Stores a challenge unless its id exists. */
export const newChallenge = ({ name }: Table, { idHash, ...attributes }: StoredChallenge) => ({
  Put: {
    TableName: name,
    Item: {
      ...keyOf.challenge(idHash),
      ...toAttributes({ ...attributes, ttl: attributes.sendBy + 1200 + keptSeconds }),
    },
    ConditionExpression: 'attribute_not_exists(pk)',
  },
});

/** Marks a verified code as counted, unless it is. */
const countedInTransaction = ({ name }: Table, idHash: string) => ({
  Update: {
    TableName: name,
    Key: keyOf.challenge(idHash),
    UpdateExpression: COUNT,
    ConditionExpression: UNCOUNTED,
    ExpressionAttributeValues: toAttributes({ ':true': true }),
  },
});

export const createChallengeStore = (table: Table): ChallengeStore => {
  const update = updateChallenge(table);
  const countVerified: ChallengeStore['countVerified'] = async (idHash) => {
    const result = await update(idHash, COUNT, UNCOUNTED, { ':true': true });
    return { kind: 'won' in result ? 'counted' : 'counted-before' };
  };

  return {
    async start(challenge, charges, now, returned) {
      const reasons = await transact(table, [
        newChallenge(table, challenge),
        ...charges.map((charge) => chargeInTransaction(table, charge, now)),
        ...(returned ? [returnInTransaction(table, returned)] : []),
      ]);
      if (!reasons) return { kind: 'started' };
      if (failed(reasons[0])) return { kind: 'exists' };
      const refused = refusedCharge(charges, reasons.slice(1), now);
      if (refused) return refused;
      throw new Error('The transaction failed, but no condition did');
    },

    async find(idHash) {
      const read = new GetItemCommand({
        TableName: table.name,
        Key: keyOf.challenge(idHash),
        ConsistentRead: true,
      });
      return fromItem((await table.client.send(read)).Item);
    },

    async send(read, next, charges, now) {
      const { sendAgainAt, expiresAt, reservedAt, carriesOver, addressUnit } = next;
      const sendNumber = read.sends + 1;
      const set = [
        'SET sends = :next, outbox = :next, sendAgainAt = :sendAgainAt, expiresAt = :expiresAt',
        `sentAt.${sendKey(sendNumber)} = :now`,
        ...(addressUnit ? ['addressUnits = list_append(addressUnits, :addressUnit)'] : []),
      ].join(', ');
      const forgotten = 'delivery, provider, failedBy, round, unansweredAt';
      const reasons = await transact(table, [
        {
          Update: {
            TableName: table.name,
            Key: keyOf.challenge(read.idHash),
            // The outcome of the previous send does not apply to this one.
            UpdateExpression:
              reservedAt === undefined
                ? `${set} REMOVE ${forgotten}, reservedAt`
                : `${set}, reservedAt = :reservedAt REMOVE ${forgotten}`,
            // Optimistic lock: a parallel send changed `sends`, and with it the cool-down and the expiry.
            ConditionExpression: [
              '#status = :pending AND sends = :sends',
              ...(carriesOver ? ['outbox = :sends', read.asked ? SAME_ATTEMPTS : NO_ATTEMPTS] : []),
            ].join(' AND '),
            ExpressionAttributeNames: { '#status': 'status' },
            ExpressionAttributeValues: toAttributes({
              ':sends': read.sends,
              ':next': sendNumber,
              ':now': now,
              ':addressUnit': addressUnit && [addressUnit],
              ':pending': 'pending',
              ':sendAgainAt': sendAgainAt,
              ':expiresAt': expiresAt,
              ':reservedAt': reservedAt,
              ':asked': carriesOver && read.asked,
            }),
          },
        },
        ...charges.map((charge) => chargeInTransaction(table, charge, now)),
      ]);
      if (!reasons) return { kind: 'sent' };
      return refusedCharge(charges, reasons.slice(1), now) ?? { kind: 'stale' };
    },

    async verify(
      idHash,
      { right, keyVersions, reviewed, now, ticketExpiresAt, maxAttempts, nonce },
    ) {
      const result = await update(
        idHash,
        'SET #status = :verified, ticketExpiresAt = :ticketExpiresAt, verifiedBy = :nonce',
        [
          OPEN,
          ACCEPTABLE,
          ...(keyVersions ? [sentWith(keyVersions)] : []),
          ...(reviewed ? [ofReviewed(reviewed)] : []),
        ].join(' AND '),
        {
          ':pending': 'pending',
          ':verified': 'verified',
          ':now': now,
          ':ticketExpiresAt': ticketExpiresAt,
          ':maxAttempts': maxAttempts,
          ':nonce': nonce,
          // A wrong code makes the same write, with a condition that never holds.
          ':notDecoy': right ? false : 'no',
          ...(keyVersions && keyVersionValues(keyVersions)),
          ...(reviewed && reviewedValues(reviewed)),
        },
      );
      if ('won' in result) return { kind: 'verified', ticketExpiresAt };
      // The SDK retries a write whose answer was lost. The nonce tells that this very call verified.
      const { lost } = result;
      const before = verificationOf(lost);
      if (before?.verifiedBy === nonce) {
        return { kind: 'verified', ticketExpiresAt: before.ticketExpiresAt, before: true };
      }
      return { kind: 'unchanged', challenge: lost };
    },

    async countReplay(idHash, { now, max }) {
      const result = await update(
        idHash,
        'ADD repetitions :one',
        'ticketExpiresAt > :now AND (attribute_not_exists(repetitions) OR repetitions < :max)',
        { ':one': 1, ':now': now, ':max': max },
      );
      return { kind: 'won' in result ? 'counted' : 'refused' };
    },

    countVerified,

    async giveBack(idHash, proven) {
      for (const which of ['first', 'further'] as const) {
        const reasons = await transact(table, [
          countedInTransaction(table, idHash),
          verifiedInTransaction(table, proven, which),
          ...returnAllInTransaction(table, proven.units),
        ]);
        if (!reasons) return { kind: which };
        if (failed(reasons[0])) return { kind: 'counted-before' };
      }
      const counted = await countVerified(idHash);
      return { kind: counted.kind === 'counted' ? 'full' : counted.kind };
    },

    async countAttempt(idHash, { now, maxAttempts, method }) {
      const clauses = [OPEN, UNEXPIRED, ...(method ? [TAKES_METHOD] : [])];
      const result = await update(idHash, 'ADD attempts :one', clauses.join(' AND '), {
        ':one': 1,
        ':pending': 'pending',
        ':maxAttempts': maxAttempts,
        ':now': now,
        ...(method && { ':method': method }),
      });
      if ('won' in result) return { kind: 'counted', challenge: result.won };
      return { kind: 'unchanged', challenge: result.lost };
    },

    ...ticketWrites(update),
    ...deliveryWrites(update, writeChallenge(table), codeRetryPolicy),
  };
};
