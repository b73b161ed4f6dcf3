import { codeRetryPolicy } from '#core/delivery/retry-policy.ts';
import {
  type Challenge,
  type ClaimedChallenge,
  type StoredChallenge,
  sendKey,
} from '#core/model/challenge.ts';
import type { Purpose } from '#core/model/purpose.ts';
import type { ChallengeStore, TicketAnswer, TicketRequest } from '#core/ports/challenge-store.ts';
import type { ChallengeFields } from './builders.ts';
import type { FakeLedgers } from './ledger-store.ts';
import { fakeOutbox } from './outbox.ts';

/** Held without its kind: the fake checks what the conditions of the writes check. */
export type HeldChallenge = Pick<Challenge, keyof Challenge> &
  ChallengeFields & {
    askedBy?: string;
    earned?: true;
    repetitions?: number;
    returnedTo?: string;
  };

const endOf = ({ ticketExpiresAt = 0, extendedUntil = 0 }: HeldChallenge) =>
  Math.max(ticketExpiresAt, extendedUntil);

const asChallenge = (held: HeldChallenge) => held as unknown as Challenge;
const asStored = (held: HeldChallenge | undefined) =>
  held as unknown as StoredChallenge | undefined;

/** Challenges in memory. Each method runs without interruption, as one conditional write does. */
export function fakeChallengeStore(
  ledgers: FakeLedgers,
  items = new Map<string, HeldChallenge>(),
): ChallengeStore {
  const put = (challenge: HeldChallenge) => {
    items.set(challenge.idHash, challenge);
    return challenge;
  };
  /** The delivery of the previous send says nothing about the next one. */
  const asFresh = (stored: HeldChallenge): HeldChallenge => {
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

  /** @returns false if the code was not verified, or counted before */
  function count(idHash: string): boolean {
    const challenge = items.get(idHash);
    if (challenge?.verifiedBy === undefined || challenge.earned) return false;
    put({ ...challenge, earned: true });
    return true;
  }

  return {
    async start(challenge, charges, now, returned) {
      if (items.has(challenge.idHash)) return { kind: 'exists' };
      const refused = ledgers.chargeAll(charges, now);
      if (refused) return refused;
      put(challenge);
      if (returned) await ledgers.returnUnit(returned.charge, returned.at);
      return { kind: 'started' };
    },

    find: async (idHash) => asStored(items.get(idHash)),

    async send(read, { carriesOver, addressUnit, ...next }, charges, now) {
      const challenge = items.get(read.idHash);
      if (challenge?.status !== 'pending' || challenge.sends !== read.sends) {
        return { kind: 'stale' };
      }
      const attempts = (of: Pick<Challenge, 'asked'>) => [...(of.asked ?? [])].sort().join();
      const isOwed = challenge.outbox === read.sends && attempts(challenge) === attempts(read);
      if (carriesOver && !isOwed) return { kind: 'stale' };
      const refused = ledgers.chargeAll(charges, now);
      if (refused) return refused;
      const sends = read.sends + 1;
      const { reservedAt: _, ...fresh } = asFresh(challenge);
      const sentAt = { ...fresh.sentAt, [sendKey(sends)]: now };
      const addressUnits = [...(fresh.addressUnits ?? []), ...(addressUnit ? [addressUnit] : [])];
      put({ ...fresh, ...next, sends, outbox: sends, sentAt, addressUnits });
      return { kind: 'sent' };
    },

    async verify(
      idHash,
      { right, keyVersions, reviewed, now, ticketExpiresAt, maxAttempts, nonce },
    ) {
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
        (keyVersions?.includes(challenge.keyVersion ?? 0) ?? true) &&
        (reviewed?.phoneTags.includes(challenge.phoneTag) ?? true) &&
        challenge.createdAt >= (reviewed?.since ?? 0) &&
        challenge.asked !== undefined &&
        (challenge.expiresAt ?? 0) > now;
      if (!acceptable) return { kind: 'unchanged', challenge: asStored(challenge) };
      put({ ...challenge, status: 'verified', ticketExpiresAt, verifiedBy: nonce });
      return { kind: 'verified', ticketExpiresAt };
    },

    async countReplay(idHash, { now, max }) {
      const challenge = items.get(idHash);
      const { repetitions = 0, ticketExpiresAt = 0 } = challenge ?? {};
      if (!challenge || ticketExpiresAt <= now || repetitions >= max) return { kind: 'refused' };
      put({ ...challenge, repetitions: repetitions + 1 });
      return { kind: 'counted' };
    },

    countVerified: async (idHash) => ({ kind: count(idHash) ? 'counted' : 'counted-before' }),

    async giveBack(idHash, { ledger, at, sms, most, units }) {
      if (!count(idHash)) return { kind: 'counted-before' };
      const before = ledgers.countVerified(ledger, at, sms, most);
      if (before === 'full') return { kind: 'full' };
      for (const unit of units) await ledgers.returnUnit(unit.charge, unit.at);
      return { kind: before === 0 ? 'first' : 'further' };
    },

    async countAttempt(idHash, { now, maxAttempts, method }) {
      const challenge = items.get(idHash);
      const open =
        challenge?.status === 'pending' &&
        challenge.attempts < maxAttempts &&
        (challenge.expiresAt ?? challenge.sendBy) > now &&
        (method === undefined || challenge.methods?.includes(method));
      if (!open) return { kind: 'unchanged', challenge: asStored(challenge) };
      return {
        kind: 'counted',
        challenge: asChallenge(put({ ...challenge, attempts: challenge.attempts + 1 })),
      };
    },

    async claimTicket<P extends Purpose>(
      idHash: string,
      { purpose, usedBy, now, until, maxUses }: TicketRequest<P>,
    ): Promise<TicketAnswer<P>> {
      const challenge = items.get(idHash);
      if (
        challenge?.status === 'spent' &&
        challenge.usedBy === usedBy &&
        challenge.purpose === purpose
      )
        return { kind: 'done', challenge: challenge as unknown as ClaimedChallenge<P> };
      const good =
        challenge?.purpose === purpose &&
        endOf(challenge) > now &&
        challenge.uses < maxUses &&
        (challenge.status === 'verified' || challenge.status === 'in-use');
      if (!good) return { kind: 'refused' };
      const inUseUntil = challenge.inUseUntil ?? 0;
      const others = challenge.status === 'in-use' && challenge.usedBy !== usedBy;
      if (others && inUseUntil > now) return { kind: 'busy', until: inUseUntil };
      const uses = challenge.uses + 1;
      const claimed = put({ ...challenge, status: 'in-use', usedBy, inUseUntil: until, uses });
      return { kind: 'claimed', challenge: claimed as unknown as ClaimedChallenge<P> };
    },

    async extendTicket(idHash, { purpose, now, until }) {
      const challenge = items.get(idHash);
      const good =
        challenge?.purpose === purpose &&
        (challenge.status === 'verified' || challenge.status === 'in-use') &&
        endOf(challenge) > now;
      if (!good) return { kind: 'refused' };
      put({ ...challenge, extendedUntil: until });
      return { kind: 'extended' };
    },

    async countTicketAttempt(idHash, { usedBy, maxAttempts }) {
      const challenge = items.get(idHash);
      const mine = challenge?.status === 'in-use' && challenge.usedBy === usedBy;
      if (!mine || challenge.attempts >= maxAttempts) return { kind: 'refused' };
      const attempts = challenge.attempts + 1;
      return { kind: 'counted', challenge: asChallenge(put({ ...challenge, attempts })) };
    },

    async releaseTicket(idHash, by) {
      const challenge = items.get(idHash);
      if (challenge?.status !== 'in-use' || challenge.usedBy !== by) return;
      const { usedBy: _, inUseUntil: __, ...rest } = challenge;
      put({ ...rest, status: 'verified' });
    },

    async endLease(idHash, by, now) {
      const challenge = items.get(idHash);
      if (challenge?.status !== 'in-use' || challenge.usedBy !== by) return;
      const { returnedTo = by, uses } = challenge;
      if (returnedTo !== by || uses <= 0) return;
      put({ ...challenge, inUseUntil: now, returnedTo, uses: uses - 1 });
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
      const redeemed = put({ ...challenge, status: 'spent', usedBy, spentAt });
      return {
        kind: 'redeemed',
        challenge: redeemed as unknown as ClaimedChallenge<'transaction'>,
      };
    },

    async spendTicket(idHash, usedBy) {
      const challenge = items.get(idHash);
      const mine = challenge?.usedBy === usedBy && ['in-use', 'spent'].includes(challenge.status);
      if (!mine) return { kind: 'lost' };
      put({ ...challenge, status: 'spent' });
      return { kind: 'spent' };
    },

    ...fakeOutbox<HeldChallenge>(items, codeRetryPolicy),
  };
}
