import type { Language } from '../language.ts';
import type { Limits } from '../limits.ts';

/** The flow a challenge was started for; its ticket completes that one and no other. */
export type Purpose = 'registration' | 'password-reset';

/**
 * `pending` → `verified` → `in-use` → `spent`. Expired and locked are no statuses: they follow from the clock
 * and the attempts, so nothing has to run for a challenge to expire.
 */
export type ChallengeStatus = 'pending' | 'verified' | 'in-use' | 'spent';

/** One out-of-band secret sent to one phone for one purpose (NIST SP 800-63B-4 §3.1.3). Instants: epoch seconds. */
export interface Challenge {
  /** base64url SHA-256 of the id; the id itself is only ever the claimant's. */
  readonly idHash: string;
  readonly keyVersion: number;
  readonly purpose: Purpose;
  readonly status: ChallengeStatus;
  readonly language: Language;
  /** Looks like any other; its code never verifies. */
  readonly decoy: boolean;
  /** Sealed E.164 number, context {@link phoneContext}. */
  readonly phone: string;
  readonly phoneTag: string;
  /** Ledger of the account a reset is for; of the typed pair, where that is no account. */
  readonly accountTag?: string;
  /** Sealed username of a reset, context {@link usernameContext}. */
  readonly username?: string;
  readonly attempts: number;
  readonly sends: number;
  readonly createdAt: number;
  /** Until when it must have been sent for the first time. */
  readonly sendBy: number;
  /** Until when its code verifies; absent while it was never sent. A resend does not move it. */
  readonly expiresAt?: number;
  readonly sendAgainAt?: number;
  /** Number of the send the outbox still owes; absent once delivered. */
  readonly outbox?: number;
  readonly ticketExpiresAt?: number;
  /** Fingerprint of the request that uses, or used, the ticket. */
  readonly usedBy?: string;
  /** Until when no other request may take the ticket over. */
  readonly inUseUntil?: number;
  readonly uses: number;
}

/** Bound to the phone's tag, so the seal can move from account to challenge but not to another phone. */
export const phoneContext = (phoneTag: string) => `phone:${phoneTag}`;
export const usernameContext = (idHash: string) => `username:${idHash}`;

/** What a challenge is to the claimant right now. `gone` is unknown, expired or used: one answer. */
export function stateOf(
  challenge: Challenge | undefined,
  now: number,
  limits: Pick<Limits, 'attemptsPerChallenge'>,
): 'gone' | 'live' | 'locked' {
  if (challenge?.status !== 'pending') return 'gone';
  if ((challenge.expiresAt ?? challenge.sendBy) <= now) return 'gone';
  return challenge.attempts >= limits.attemptsPerChallenge ? 'locked' : 'live';
}

/** Whether at least one SMS of it left the outbox. */
export function wasDelivered({ sends, outbox }: Challenge): boolean {
  return outbox === undefined ? sends > 0 : sends > 1;
}

/** What a claimant may know of a challenge. Instants: epoch seconds. */
export interface ChallengeView {
  readonly id: string;
  readonly purpose: Purpose;
  readonly destination: string;
  readonly sent: boolean;
  readonly sendAgainAt: number;
  readonly expiresAt: number;
}
