import { recordWrongCode, type WrongCodeNeeds } from '../budgets/record-wrong-code.ts';
import { reviewedWith } from '../budgets/review-numbers.ts';
import { deriveCode } from '../crypto/derive-code.ts';
import { equalSecrets } from '../crypto/equal.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { CodeKey, Tagger } from '../crypto/keys.ts';
import {
  type Challenge,
  lockedProblem,
  type Method,
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

type Needs = Pick<
  Ports,
  | 'clock'
  | 'codeKeys'
  | 'entropy'
  | 'limits'
  | 'challenges'
  | 'proofSigningKeys'
  | 'reviewNumbers'
  | 'tags'
> &
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
  /** Of a code that came by SMS: the key versions with which it is the challenge's code. */
  readonly keyVersions?: readonly number[];
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
    const { clock, codeKeys, limits, tags } = ports;
    const challengeId = readChallengeId(id);
    if (!challengeId) throw new Problem('challenge_expired');

    const now = clock();
    const [codes, tagger] = await Promise.all([codeKeys(), tags()]);
    const compared = compareCode(ports, { codes, tagger }, challengeId, code);
    const { right } = compared;
    const nonce = verificationNonce(ports, { challengeId, code, idempotencyKey });
    const keyed = idempotencyKey !== undefined;
    const at = { now, ticketExpiresAt: now + limits.ticketSeconds, nonce, keyed };
    const expiresAt =
      right && (await claimVerification(ports, challengeId, { ...compared, ...at }));
    if (expiresAt) return verifiedAs(ports, challengeId, 'sms')(expiresAt);
    const counted = await countAttempt(ports, challengeId, { now, keyed });
    // A right code may still be refused: its SMS is not out yet, or it belongs to another phone. By
    // now that took two writes. A wrong code takes two as well, or the latency would tell them
    // apart.
    if (!right) await claimVerification(ports, challengeId, { ...compared, ...at });
    throw await recordGuess(ports, counted, addressLedger(tagger, address), now);
  };

/**
 * Identifies the call that verifies a challenge. It recognises the SDK's retry of the write, and a
 * keyed request whose answer was lost.
 * @returns base64url; random for a request without a key
 */
export function verificationNonce(
  { entropy }: Pick<Ports, 'entropy'>,
  of: {
    readonly challengeId: ChallengeId;
    readonly code: string;
    readonly idempotencyKey: string | undefined;
  },
): string {
  const { challengeId, code, idempotencyKey } = of;
  return idempotencyKey === undefined
    ? entropy(12).toString('base64url')
    : fingerprint(challengeId, 'verify', code, idempotencyKey);
}

/**
 * Signs the ticket of a challenge that was verified. The instant follows from the ticket's stored
 * end, so a repeated request gets the same ticket.
 */
export const verifiedAs =
  (
    { limits, proofSigningKeys }: Pick<Ports, 'limits' | 'proofSigningKeys'>,
    challengeId: ChallengeId,
    method: Method,
  ) =>
  async (expiresAt: number): Promise<Verified> => {
    const verification = { method, at: expiresAt - limits.ticketSeconds };
    return { ticket: await mintTicket(proofSigningKeys)(challengeId, verification), expiresAt };
  };

/** How often the ticket of a verified challenge may be requested again. */
const maxReplays = 5;

/**
 * Counts a replay of a verification before its answer, whether the code is right or wrong. A
 * verified challenge counts no attempts any more, so a leaked idempotency key could otherwise be
 * used to try every code.
 * @throws Problem challenge_expired if no replay is left
 */
export async function countReplay(
  { challenges }: Pick<Ports, 'challenges'>,
  hash: string,
  now: number,
): Promise<void> {
  const { kind } = await challenges.countReplay(hash, { now, max: maxReplays });
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
 * Compares the code with the challenge's own and with those of the review numbers. The write checks
 * what is unknown before it: the key version that the sender used, and the challenge's phone.
 * After a rotation there are two codes for a while. Only the one that was sent passes the write.
 */
function compareCode(
  ports: Needs,
  keys: { readonly codes: Keyring<CodeKey>; readonly tagger: Tagger },
  { hash }: ChallengeId,
  code: string,
): Pick<ComparedCode, 'right' | 'keyVersions' | 'reviewed'> {
  const { codeLength } = ports.limits;
  const matching = keys.codes.all.filter((key) =>
    equalSecrets(deriveCode(key, hash, codeLength), code),
  );
  if (matching.length > 0) {
    return { right: true, keyVersions: matching.map(({ version }) => version) };
  }
  const reviewed = reviewedWith(ports, keys, code);
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
    if (result.before) await countReplay({ challenges }, hash, guess.now);
    return ticketEnd(result, guess.now);
  }
  // A wrong code is counted already, and that may have locked the challenge: only a right code is
  // refused here.
  if (guess.right && keyed && verificationOf(result.challenge)) {
    await countReplay({ challenges }, hash, guess.now);
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
  if (keyed && verificationOf(result.challenge)) await countReplay({ challenges }, hash, now);
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
