import { equalSecrets } from '../crypto/equal.ts';
import type { Ports } from '../ports.ts';
import { Problem } from '../problems.ts';
import { type Challenge, lockedProblem, stateOf } from './challenge.ts';
import { type ChallengeId, readChallengeId } from './challenge-id.ts';
import { addressLedger } from './charge-address.ts';
import { deriveCode } from './code.ts';
import { type GuessWatch, recordGuess } from './guessing.ts';
import { type LedgerKey, ledgersOf } from './ledger.ts';
import { mintTicket } from './ticket.ts';

type Needs = Pick<
  Ports,
  'clock' | 'entropy' | 'keys' | 'limits' | 'challenges' | 'ledgers' | 'breakers'
> & { readonly watch?: GuessWatch };

interface Guess {
  readonly id: string;
  readonly code: string;
  /** The caller's IP address. */
  readonly address: string;
}

interface Verified {
  readonly ticket: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/**
 * Checks a code. The code is derived before anything is read. A right one is one conditional write; a wrong one makes
 * that write too, then the one that takes an attempt: a thousand parallel guesses get the same budget as five in a row.
 * @throws Problem code_incorrect, challenge_locked, or challenge_expired (unknown, expired, used: one answer)
 */
export const verifyChallenge =
  (ports: Needs) =>
  async ({ id, code, address }: Guess): Promise<Verified> => {
    const { clock, keys, limits } = ports;
    const challengeId = readChallengeId(id);
    if (!challengeId) throw new Problem('challenge_expired');

    const now = clock();
    const keyring = await keys(challengeId.keyVersion);
    const keySet = keyring.version(challengeId.keyVersion);
    // A version there never was: the id is made up.
    if (!keySet) throw new Problem('challenge_expired');
    const right = equalSecrets(deriveCode(keySet, challengeId.hash, limits.codeLength), code);
    const expiresAt = now + limits.ticketSeconds;
    if (await claimVerification(ports, challengeId, { right, now, ticketExpiresAt: expiresAt })) {
      return { ticket: mintTicket(keySet, challengeId), expiresAt };
    }
    throw await countWrongCode(ports, challengeId, addressLedger(keyring, address), now);
  };

/**
 * The same write for a right and for a wrong code, and what follows where it fails is the same too: else the time of an
 * answer would tell a right code that may not count yet, because its SMS is not out, from a wrong one.
 * @returns false for a wrong code, and for a right one that must not count: a decoy's, or one no provider has taken
 */
async function claimVerification(
  { challenges, entropy, limits }: Needs,
  { hash }: ChallengeId,
  guess: { readonly right: boolean; readonly now: number; readonly ticketExpiresAt: number },
): Promise<boolean> {
  const result = await challenges.verify(hash, {
    ...{ ...guess, maxAttempts: limits.attemptsPerChallenge },
    nonce: entropy(12).toString('base64url'),
  });
  if (result.kind === 'verified') return true;
  throwUnlessLive(result.challenge, guess.now, limits);
  return false;
}

/**
 * The attempt is counted on the challenge first: if this dies before the ledgers know, the guess is spent all
 * the same. The ledgers count without a condition and refuse the *next* challenge, never the one a victim holds.
 */
async function countWrongCode(
  ports: Needs,
  { hash }: ChallengeId,
  callers: LedgerKey,
  now: number,
): Promise<Problem> {
  const { challenges, ledgers, limits } = ports;
  const maxAttempts = limits.attemptsPerChallenge;
  const result = await challenges.countAttempt(hash, { now, maxAttempts });
  if (result.kind === 'unchanged') {
    throwUnlessLive(result.challenge, now, limits);
    // It was live only in the reading that came back with the lost race.
    return new Problem('challenge_expired');
  }
  const { attempts, sends } = result.challenge;
  // While no SMS was asked for no code can be right, and a try fills no ledger of its owner: it would let a stranger
  // close a victim's phone for the day without one message that warns them. From then on it does, for a decoy as well.
  const owners = sends > 0 ? ledgersOf(result.challenge) : [];
  await Promise.all([
    ...[callers, ...owners].map((ledger) => ledgers.recordFailure(ledger, now)),
    ...(sends > 0 ? [recordGuess(ports)(result.challenge, now)] : []),
  ]);
  return new Problem('code_incorrect', { attemptsLeft: maxAttempts - attempts });
}

function throwUnlessLive(
  challenge: Challenge | undefined,
  now: number,
  limits: Ports['limits'],
): void {
  const state = stateOf(challenge, now, limits);
  if (state === 'gone') throw new Problem('challenge_expired');
  if (state === 'locked') throw lockedProblem(challenge, now);
}
