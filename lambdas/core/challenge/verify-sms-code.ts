import { recordWrongCode, type WrongCodeNeeds } from '../budgets/record-wrong-code.ts';
import { reviewedWith } from '../budgets/review-numbers.ts';
import { deriveCode } from '../crypto/derive-code.ts';
import { equalSecrets } from '../crypto/equal.ts';
import type { Keyring, KeySet } from '../crypto/keyring.ts';
import {
  type Challenge,
  lockedProblem,
  type StoredChallenge,
  stateOf,
  verificationOf,
} from '../model/challenge.ts';
import { addressLedger, type LedgerKey } from '../model/ledger.ts';
import { Problem } from '../model/problems.ts';
import type { ReviewedPhones } from '../model/review-number.ts';
import type { Ports } from '../ports/index.ts';
import { type ChallengeId, readChallengeId } from './id.ts';
import { fingerprint, mintTicket } from './ticket.ts';

type Needs = Pick<Ports, 'clock' | 'entropy' | 'keys' | 'limits' | 'challenges' | 'reviewNumbers'> &
  WrongCodeNeeds;

interface Guess {
  readonly id: string;
  readonly code: string;
  /** The caller's IP address. */
  readonly address: string;
  readonly idempotencyKey?: string | undefined;
}

/** A code after its comparison, before anything is read. */
interface ComparedCode {
  readonly right: boolean;
  /** Of a review code: it is right only for challenges of these phones. */
  readonly reviewed?: ReviewedPhones;
  readonly now: number;
  readonly ticketExpiresAt: number;
  readonly nonce: string;
  readonly keyed: boolean;
}

/** The ticket of a challenge that was verified. */
export interface Verified {
  readonly ticket: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/**
 * Checks a code that came by SMS. The code is derived and compared before anything is read.
 *
 * A right code costs one conditional write, and the first write of a wrong code counts it. The
 * table puts parallel writes in a row: a right code behind five wrong ones is too late.
 * @throws Problem code_incorrect, challenge_locked, challenge_expired (unknown, expired or used:
 *   one answer)
 */
export const verifySmsCode =
  (ports: Needs) =>
  async ({ id, code, address, idempotencyKey }: Guess): Promise<Verified> => {
    const { clock, keys, limits } = ports;
    const challengeId = readChallengeId(id);
    if (!challengeId) throw new Problem('challenge_expired');

    const now = clock();
    const keyring = await keys(challengeId.keyVersion);
    const keySet = keyring.version(challengeId.keyVersion);
    // No such key version ever existed: the id is forged.
    if (!keySet) throw new Problem('challenge_expired');
    const isOwnCode = equalSecrets(deriveCode(keySet, challengeId.hash, limits.codeLength), code);
    const compared = isOwnCode ? { right: isOwnCode } : compareReviewCodes(ports, keyring, code);
    const { right } = compared;
    const nonce = verificationNonce(ports, { keySet, challengeId, code, idempotencyKey });
    const keyed = idempotencyKey !== undefined;
    const at = { now, ticketExpiresAt: now + limits.ticketSeconds, nonce, keyed };
    const expiresAt =
      right && (await claimVerification(ports, challengeId, { ...compared, ...at }));
    if (expiresAt) return { ticket: mintTicket(keySet, challengeId), expiresAt };
    const counted = await countAttempt(ports, challengeId, { now, keyed });
    // A right code may still be refused: its SMS is not out yet, or it belongs to another phone. By
    // now that took two writes. A wrong code takes two as well, or the latency would tell them
    // apart.
    if (!right) await claimVerification(ports, challengeId, { right, ...at });
    throw await recordGuess(ports, counted, addressLedger(keyring, address), now);
  };

/**
 * Identifies the call that verifies a challenge. It recognises the SDK's retry of the write, and a
 * keyed request whose answer was lost.
 * @returns base64url; random for a request without a key
 */
export function verificationNonce(
  { entropy }: Pick<Ports, 'entropy'>,
  of: {
    readonly keySet: KeySet;
    readonly challengeId: ChallengeId;
    readonly code: string;
    readonly idempotencyKey: string | undefined;
  },
): string {
  const { keySet, challengeId, code, idempotencyKey } = of;
  return idempotencyKey === undefined
    ? entropy(12).toString('base64url')
    : fingerprint(keySet, challengeId, 'verify', code, idempotencyKey);
}

/** How often the ticket of a verified challenge may be requested again. */
const maxRepetitions = 5;

/**
 * Counts a replay of a verification before its answer, whether the code is right or wrong. A
 * verified challenge counts no attempts any more, so a leaked idempotency key could otherwise be
 * used to try every code.
 * @throws Problem challenge_expired if no replay is left
 */
export async function takeRepetition(
  { challenges }: Pick<Ports, 'challenges'>,
  hash: string,
  now: number,
): Promise<void> {
  const { kind } = await challenges.countRepetition(hash, { now, max: maxRepetitions });
  if (kind === 'refused') throw new Problem('challenge_expired');
}

/**
 * @returns epoch seconds at which the ticket expires
 * @throws Problem challenge_expired for a repeated keyed request whose ticket has expired
 */
export function ticketEnd({ ticketExpiresAt }: { readonly ticketExpiresAt: number }, now: number) {
  if (ticketExpiresAt > now) return ticketExpiresAt;
  throw new Problem('challenge_expired');
}

/**
 * Compares the code with those of the review numbers. The challenge's phone is unknown before the
 * write, so the write checks it.
 */
function compareReviewCodes(
  ports: Needs,
  keyring: Keyring,
  code: string,
): Pick<ComparedCode, 'right' | 'reviewed'> {
  const reviewed = reviewedWith(ports, keyring, code);
  return reviewed ? { right: true, reviewed } : { right: false };
}

/**
 * @returns epoch seconds at which the ticket expires; undefined for a wrong code, and for a right
 *   code that must not count: a decoy's, one before any SMS, or a review code on another phone's
 *   challenge
 */
async function claimVerification(
  { challenges, limits }: Needs,
  { hash }: ChallengeId,
  guess: ComparedCode,
): Promise<number | undefined> {
  const maxAttempts = limits.attemptsPerChallenge;
  const { keyed, ...at } = guess;
  const result = await challenges.verify(hash, { ...at, maxAttempts });
  if (result.kind === 'verified') {
    if (result.before) await takeRepetition({ challenges }, hash, guess.now);
    return ticketEnd(result, guess.now);
  }
  // A wrong code is counted already, and that may have locked the challenge: only a right code is
  // refused here.
  if (guess.right && keyed && verificationOf(result.challenge)) {
    await takeRepetition({ challenges }, hash, guess.now);
  }
  if (guess.right) throwUnlessLive(result.challenge, guess.now, limits);
  return undefined;
}

/**
 * Counts the guess on the challenge first: a crash before the ledgers are written still costs the
 * guess.
 */
async function countAttempt(
  { challenges, limits }: Needs,
  { hash }: ChallengeId,
  { now, keyed }: { readonly now: number; readonly keyed: boolean },
): Promise<Challenge> {
  const maxAttempts = limits.attemptsPerChallenge;
  const result = await challenges.countAttempt(hash, { now, maxAttempts });
  if (result.kind === 'counted') return result.challenge;
  if (keyed && verificationOf(result.challenge)) await takeRepetition({ challenges }, hash, now);
  throwUnlessLive(result.challenge, now, limits);
  // The write was refused, yet the challenge returned with the refusal is live: a parallel write
  // changed it.
  throw new Problem('challenge_expired');
}

async function recordGuess(
  ports: Needs,
  challenge: Challenge,
  callers: LedgerKey,
  now: number,
): Promise<Problem> {
  // Before the first SMS no code can be right, so a guess fills none of the owner's ledgers.
  // Otherwise a stranger could close a victim's phone for the day without an SMS that warns the
  // victim. After the first send it does, for a decoy as well.
  if (challenge.sends > 0) await recordWrongCode(ports)(challenge, callers, now);
  else await ports.ledgers.recordFailure(callers, now);
  const attemptsLeft = ports.limits.attemptsPerChallenge - challenge.attempts;
  return new Problem('code_incorrect', { attemptsLeft });
}

/**
 * Checks that a challenge still takes a code.
 * @throws Problem challenge_expired, challenge_locked
 */
export function throwUnlessLive(
  challenge: StoredChallenge | undefined,
  now: number,
  limits: Ports['limits'],
): void {
  const state = stateOf(challenge, now, limits);
  if (state === 'gone') throw new Problem('challenge_expired');
  if (state === 'locked') throw lockedProblem(challenge, now);
}
