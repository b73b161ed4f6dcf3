import { equalSecrets } from '../crypto/equal.ts';
import type { Ports } from '../ports.ts';
import { Problem } from '../problems.ts';
import { type Challenge, stateOf, wasDelivered } from './challenge.ts';
import { type ChallengeId, readChallengeId } from './challenge-id.ts';
import { deriveCode } from './code.ts';
import { ledgersOf } from './ledger.ts';
import { mintTicket } from './ticket.ts';

type Needs = Pick<Ports, 'clock' | 'entropy' | 'keys' | 'limits' | 'challenges' | 'ledgers'>;

interface Verified {
  readonly ticket: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/**
 * Checks a code. The code is derived before anything is read, and each outcome is one conditional write: a
 * thousand parallel guesses get the same budget as five in a row.
 * @throws Problem code_incorrect, challenge_locked, or challenge_expired (unknown, expired, used: one answer)
 */
export const verifyChallenge =
  (ports: Needs) =>
  async ({ id, code }: { readonly id: string; readonly code: string }): Promise<Verified> => {
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
    if (right && (await claimVerification(ports, challengeId, now, expiresAt))) {
      return { ticket: mintTicket(keySet, challengeId), expiresAt };
    }
    throw await countWrongCode(ports, challengeId, now);
  };

/** @returns false for a right code that must not count: a decoy's, or one that was never sent */
async function claimVerification(
  { challenges, entropy, limits }: Needs,
  { hash }: ChallengeId,
  now: number,
  ticketExpiresAt: number,
): Promise<boolean> {
  const result = await challenges.verify(hash, {
    ...{ now, ticketExpiresAt, maxAttempts: limits.attemptsPerChallenge },
    nonce: entropy(12).toString('base64url'),
  });
  if (result.kind === 'verified') return true;
  throwUnlessLive(result.challenge, now, limits);
  return false;
}

/**
 * The attempt is counted on the challenge first: if this dies before the ledgers know, the guess is spent all
 * the same. The ledgers count without a condition and refuse the *next* challenge, never the one a victim holds.
 */
async function countWrongCode(
  { challenges, ledgers, limits }: Needs,
  { hash }: ChallengeId,
  now: number,
): Promise<Problem> {
  const maxAttempts = limits.attemptsPerChallenge;
  const result = await challenges.countAttempt(hash, { now, maxAttempts });
  if (result.kind === 'unchanged') {
    throwUnlessLive(result.challenge, now, limits);
    // It was live only in the reading that came back with the lost race.
    return new Problem('challenge_expired');
  }
  const { attempts } = result.challenge;
  // Before its first SMS is out a try fills no ledger: it would let a stranger close a victim's phone for the day
  // without one message that warns its owner.
  if (wasDelivered(result.challenge)) {
    const hit = ledgersOf(result.challenge);
    await Promise.all(hit.map((ledger) => ledgers.recordFailure(ledger, now)));
  }
  return new Problem('code_incorrect', { attemptsLeft: maxAttempts - attempts });
}

function throwUnlessLive(
  challenge: Challenge | undefined,
  now: number,
  limits: Ports['limits'],
): void {
  const state = stateOf(challenge, now, limits);
  if (state === 'gone') throw new Problem('challenge_expired');
  if (state === 'locked') throw new Problem('challenge_locked');
}
