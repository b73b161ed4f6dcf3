import { codeRetryPolicy } from '#core/delivery/retry-policy.ts';
import type { Challenge } from '#core/model/challenge.ts';
import type { ChallengeStore } from '#core/ports/challenge-store.ts';
import type { FakeLedgers } from './ledger-store.ts';
import { fakeOutbox } from './outbox.ts';

type Stored = Challenge & { askedBy?: string; earned?: true; repetitions?: number };

/** Challenges in memory. Each method runs without interruption, as one conditional write does. */
export function fakeChallengeStore(
  ledgers: FakeLedgers,
  items = new Map<string, Stored>(),
): ChallengeStore {
  const put = (challenge: Stored) => {
    items.set(challenge.idHash, challenge);
    return challenge;
  };
  /** The delivery of the previous send says nothing about the next one. */
  const asFresh = (stored: Stored): Stored => {
    const {
      delivery: _,
      provider: __,
      round: ___,
      failedBy: ____,
      unansweredAt: _____,
      ...rest
    } = stored;
    return rest;
  };

  return {
    async start(challenge, charges, now, returned) {
      if (items.has(challenge.idHash)) return { kind: 'exists' };
      const refused = ledgers.chargeAll(charges, now);
      if (refused) return refused;
      put(challenge);
      if (returned) await ledgers.returnUnit(returned.charge, returned.at);
      return { kind: 'started' };
    },

    find: async (idHash) => items.get(idHash),

    async send(read, next, charges, now) {
      const challenge = items.get(read.idHash);
      if (challenge?.status !== 'pending' || challenge.sends !== read.sends) {
        return { kind: 'stale' };
      }
      const refused = ledgers.chargeAll(charges, now);
      if (refused) return refused;
      const sends = read.sends + 1;
      put({ ...asFresh(challenge), ...next, sends, outbox: sends });
      return { kind: 'sent' };
    },

    async verify(idHash, { right, reviewed, now, ticketExpiresAt, maxAttempts, nonce }) {
      const challenge = items.get(idHash);
      if (challenge?.verifiedBy === nonce)
        return {
          kind: 'verified',
          before: true,
          ticketExpiresAt: challenge.ticketExpiresAt ?? 0,
        };
      const acceptable =
        right &&
        challenge?.status === 'pending' &&
        challenge.attempts < maxAttempts &&
        !challenge.decoy &&
        (reviewed?.phoneTags.includes(challenge.phoneTag) ?? true) &&
        challenge.createdAt >= (reviewed?.since ?? 0) &&
        challenge.asked !== undefined &&
        (challenge.expiresAt ?? 0) > now;
      if (!acceptable) return { kind: 'unchanged', challenge };
      put({ ...challenge, status: 'verified', ticketExpiresAt, verifiedBy: nonce });
      return { kind: 'verified', ticketExpiresAt };
    },

    async countRepetition(idHash, { now, max }) {
      const challenge = items.get(idHash);
      const { repetitions = 0, ticketExpiresAt = 0 } = challenge ?? {};
      if (!challenge || ticketExpiresAt <= now || repetitions >= max) return { kind: 'refused' };
      put({ ...challenge, repetitions: repetitions + 1 });
      return { kind: 'counted' };
    },

    async countVerified(idHash) {
      const challenge = items.get(idHash);
      if (challenge?.ticketExpiresAt === undefined || challenge.earned) {
        return { kind: 'counted-before' };
      }
      return { kind: 'counted', challenge: put({ ...challenge, earned: true }) };
    },

    async countAttempt(idHash, { now, maxAttempts, method }) {
      const challenge = items.get(idHash);
      const open =
        challenge?.status === 'pending' &&
        challenge.attempts < maxAttempts &&
        (challenge.expiresAt ?? challenge.sendBy) > now &&
        (method === undefined || challenge.methods?.includes(method));
      if (!open) return { kind: 'unchanged', challenge };
      return {
        kind: 'counted',
        challenge: put({ ...challenge, attempts: challenge.attempts + 1 }),
      };
    },

    async claimTicket(idHash, { purpose, usedBy, now, until, maxUses }) {
      const challenge = items.get(idHash);
      if (
        challenge?.status === 'spent' &&
        challenge.usedBy === usedBy &&
        challenge.purpose === purpose
      )
        return { kind: 'done', challenge };
      const good =
        challenge?.purpose === purpose &&
        (challenge.ticketExpiresAt ?? 0) > now &&
        challenge.uses < maxUses &&
        (challenge.status === 'verified' || challenge.status === 'in-use');
      if (!good) return { kind: 'refused' };
      const inUseUntil = challenge.inUseUntil ?? 0;
      const others = challenge.status === 'in-use' && challenge.usedBy !== usedBy;
      if (others && inUseUntil > now) return { kind: 'busy', until: inUseUntil };
      const uses = challenge.uses + 1;
      return {
        kind: 'claimed',
        challenge: put({ ...challenge, status: 'in-use', usedBy, inUseUntil: until, uses }),
      };
    },

    async countTicketAttempt(idHash, { usedBy, maxAttempts }) {
      const challenge = items.get(idHash);
      const mine = challenge?.status === 'in-use' && challenge.usedBy === usedBy;
      if (!mine || challenge.attempts >= maxAttempts) return { kind: 'refused' };
      const attempts = challenge.attempts + 1;
      return { kind: 'counted', challenge: put({ ...challenge, attempts }) };
    },

    async releaseTicket(idHash, by) {
      const challenge = items.get(idHash);
      if (challenge?.status !== 'in-use' || challenge.usedBy !== by) return;
      const { usedBy: _, inUseUntil: __, ...rest } = challenge;
      put({ ...rest, status: 'verified' });
    },

    async redeemTicket(idHash, { service, usedBy, now, repeatSeconds }) {
      const challenge = items.get(idHash);
      if (challenge?.purpose !== 'transaction' || challenge.service !== service) {
        return { kind: 'refused' };
      }
      const { status, spentAt = now } = challenge;
      const free = status === 'verified' && (challenge.ticketExpiresAt ?? 0) > now;
      const mine =
        status === 'spent' && challenge.usedBy === usedBy && spentAt > now - repeatSeconds;
      if (!free && !mine) return { kind: 'refused' };
      return {
        kind: 'redeemed',
        challenge: put({ ...challenge, status: 'spent', usedBy, spentAt }),
      };
    },

    async spendTicket(idHash, usedBy) {
      const challenge = items.get(idHash);
      const mine = challenge?.usedBy === usedBy && ['in-use', 'spent'].includes(challenge.status);
      if (!mine) return { kind: 'lost' };
      put({ ...challenge, status: 'spent' });
      return { kind: 'spent' };
    },

    ...fakeOutbox<Stored>(items, codeRetryPolicy),
  };
}
