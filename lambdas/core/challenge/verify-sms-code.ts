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

/** A code as it was judged, before anything is read. */
interface Typed {
  readonly right: boolean;
  /** It is right for the challenges of these phones alone. */
  readonly reviewed?: ReviewedPhones;
  readonly now: number;
  readonly ticketExpiresAt: number;
  readonly nonce: string;
  readonly keyed: boolean;
}

export interface Verified {
  readonly ticket: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/**
 * Checks a code that came by SMS. It is derived before anything is read. A right one is one conditional write, and a
 * wrong one is counted by its first: whatever comes in parallel, the table puts those writes in a row, and a right code
 * behind five wrong ones is too late.
 * @throws Problem code_incorrect, challenge_locked, or challenge_expired (unknown, expired, used: one answer)
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
    // A version there never was: the id is made up.
    if (!keySet) throw new Problem('challenge_expired');
    const own = equalSecrets(deriveCode(keySet, challengeId.hash, limits.codeLength), code);
    const typed = own ? { right: own } : reviewersCode(ports, keyring, code);
    const { right } = typed;
    const nonce = verificationNonce(ports, { keySet, challengeId, code, idempotencyKey });
    const keyed = idempotencyKey !== undefined;
    const at = { now, ticketExpiresAt: now + limits.ticketSeconds, nonce, keyed };
    const expiresAt = right && (await claimVerification(ports, challengeId, { ...typed, ...at }));
    if (expiresAt) return { ticket: mintTicket(keySet, challengeId), expiresAt };
    const counted = await countAttempt(ports, challengeId, { now, keyed });
    // A right code that may not count, because its SMS is not out or it is of another phone, has made two writes by now.
    // So does a wrong one: else the time of the answer would tell them apart.
    if (!right) await claimVerification(ports, challengeId, { right, ...at });
    throw await recordGuess(ports, counted, addressLedger(keyring, address), now);
  };

/** What verified it, so that the same call is known again: its SDK's retry, or a keyed request whose answer was lost. */
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

/** Times that a verified challenge may be asked again for its ticket. */
const maxRepetitions = 5;

/**
 * Whoever repeats a verification has the code looked at once more, of a challenge that counts no attempts any longer:
 * counted by a write before the answer, right or wrong, so that a copied key is no way to try them all.
 * @throws Problem challenge_expired where none is left
 */
export async function takeRepetition(
  { challenges }: Pick<Ports, 'challenges'>,
  hash: string,
  now: number,
): Promise<void> {
  const { kind } = await challenges.countRepetition(hash, { now, max: maxRepetitions });
  if (kind === 'refused') throw new Problem('challenge_expired');
}

/** @throws Problem challenge_expired for a keyed request that comes again when the ticket it got is over */
export function ticketEnd({ ticketExpiresAt }: { readonly ticketExpiresAt: number }, now: number) {
  if (ticketExpiresAt > now) return ticketExpiresAt;
  throw new Problem('challenge_expired');
}

/** Which phone a challenge is of is not known before the write: it says so itself, as a condition. */
function reviewersCode(
  ports: Needs,
  keyring: Keyring,
  code: string,
): Pick<Typed, 'right' | 'reviewed'> {
  const reviewed = reviewedWith(ports, keyring, code);
  return reviewed ? { right: true, reviewed } : { right: false };
}

/**
 * @returns when its ticket expires; undefined for a wrong code, and for a right one that must not count: a decoy's, one
 *   nobody was sent, or that of a review number for another phone's challenge
 */
async function claimVerification(
  { challenges, limits }: Needs,
  { hash }: ChallengeId,
  guess: Typed,
): Promise<number | undefined> {
  const maxAttempts = limits.attemptsPerChallenge;
  const { keyed, ...at } = guess;
  const result = await challenges.verify(hash, { ...at, maxAttempts });
  if (result.kind === 'verified') {
    if (result.before) await takeRepetition({ challenges }, hash, guess.now);
    return ticketEnd(result, guess.now);
  }
  // A wrong one is counted already, and may have been the last.
  if (guess.right && keyed && verificationOf(result.challenge)) {
    await takeRepetition({ challenges }, hash, guess.now);
  }
  if (guess.right) throwUnlessLive(result.challenge, guess.now, limits);
  return undefined;
}

/** Counted on the challenge first: if this dies before the ledgers know, the guess is spent all the same. */
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
  // It was live only in the reading that came back with the lost race.
  throw new Problem('challenge_expired');
}

async function recordGuess(
  ports: Needs,
  challenge: Challenge,
  callers: LedgerKey,
  now: number,
): Promise<Problem> {
  // While no SMS was asked for no code can be right, and a try fills no ledger of its owner: it would let a stranger
  // close a victim's phone for the day without one message that warns them. From then on it does, for a decoy as well.
  if (challenge.sends > 0) await recordWrongCode(ports)(challenge, callers, now);
  else await ports.ledgers.recordFailure(callers, now);
  const attemptsLeft = ports.limits.attemptsPerChallenge - challenge.attempts;
  return new Problem('code_incorrect', { attemptsLeft });
}

/** @throws Problem challenge_expired, challenge_locked */
export function throwUnlessLive(
  challenge: StoredChallenge | undefined,
  now: number,
  limits: Ports['limits'],
): void {
  const state = stateOf(challenge, now, limits);
  if (state === 'gone') throw new Problem('challenge_expired');
  if (state === 'locked') throw lockedProblem(challenge, now);
}
