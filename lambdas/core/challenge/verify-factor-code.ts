import { findByTag } from '../account/find-account.ts';
import { checkFactorOfAnyone, factorEvents } from '../account/second-factor.ts';
import { chargesOfSend, requireRoomForSend, throwIfRefused } from '../budgets/challenge-charges.ts';
import { recordWrongCode, type WrongCodeNeeds } from '../budgets/record-wrong-code.ts';
import type { Account } from '../model/account.ts';
import type { Challenge } from '../model/challenge.ts';
import { isCodeless, methodsOf, verificationOf } from '../model/challenge.ts';
import { Problem } from '../model/problems.ts';
import type { Origin } from '../model/records.ts';
import type { FactorCode, FactorProof } from '../model/second-factor.ts';
import type { Ports } from '../ports/index.ts';
import { type ChallengeId, readChallengeId } from './id.ts';
import {
  countReplay,
  throwUnlessLive,
  ticketEnd,
  type Verified,
  verificationNonce,
  verifiedAs,
} from './verify-sms-code.ts';

type Needs = Pick<
  Ports,
  | 'accounts'
  | 'challenges'
  | 'clock'
  | 'entropy'
  | 'limits'
  | 'proofSigningKeys'
  | 'sealKeys'
  | 'tags'
> &
  WrongCodeNeeds;

interface Answer extends FactorCode {
  readonly id: string;
  readonly origin: Origin;
  readonly idempotencyKey?: string | undefined;
}

/**
 * Checks a code of an authenticator app, or a recovery code, for a challenge that allows that
 * method.
 *
 * The attempt is counted before the code is checked, by the write that also reads the challenge. So
 * of a thousand parallel guesses, five are checked. The write that verifies the challenge also uses
 * the code up. Three AWS calls in sequence.
 * @throws Problem code_incorrect, invalid_request (the challenge does not allow the method),
 *   challenge_locked, challenge_expired; too_many_requests where it proves a phone first
 */
export const verifyFactorCode =
  (ports: Needs) =>
  async (answer: Answer): Promise<Verified> => {
    const { clock, limits } = ports;
    const challengeId = readChallengeId(answer.id);
    if (!challengeId) throw new Problem('challenge_expired');

    const now = clock();
    const { code, idempotencyKey } = answer;
    const nonce = verificationNonce(ports, { challengeId, code, idempotencyKey });
    const taken = await takeAttempt(ports, challengeId, answer, { now, nonce });
    const { method } = answer;
    const verified = verifiedAs(ports, challengeId, method);
    if (taken.kind === 'verified-before') return verified(taken.expiresAt);
    const { challenge } = taken;
    await chargeProof(ports, challenge, now);
    const account = await accountOf(ports, challenge);
    const expiresAt = now + limits.ticketSeconds;
    const proof = await checkFactorOfAnyone(ports)(account, answer);
    const accepted = account && proof && { account, proof, challenge, expiresAt, now, nonce };
    const outcome = accepted ? await useFactor(ports, accepted, answer) : 'wrong';
    if (outcome === 'taken') return verified(expiresAt);
    const keyed = idempotencyKey !== undefined;
    const twin = keyed ? await verifiedByTwin(ports, challenge, nonce) : undefined;
    if (twin) return verified(ticketEnd(twin, now));
    if (outcome === 'lost') throw new Problem('challenge_expired');
    const callers = { scope: 'address', tag: answer.origin.addressTag } as const;
    await recordWrongCode(ports)(challenge, callers, now);
    const attemptsLeft = limits.attemptsPerChallenge - challenge.attempts;
    throw new Problem('code_incorrect', { attemptsLeft });
  };

type CountedAttempt =
  | { readonly kind: 'counted'; readonly challenge: Challenge }
  /** The same request verified it before, and its answer was lost. */
  | { readonly kind: 'verified-before'; readonly expiresAt: number };

async function takeAttempt(
  { challenges, limits }: Needs,
  { hash }: ChallengeId,
  { method, idempotencyKey }: Answer,
  { now, nonce }: { readonly now: number; readonly nonce: string },
): Promise<CountedAttempt> {
  const maxAttempts = limits.attemptsPerChallenge;
  const result = await challenges.countAttempt(hash, { now, maxAttempts, method });
  if (result.kind === 'counted') return result;
  const keyed = idempotencyKey !== undefined;
  const verification = verificationOf(result.challenge);
  if (keyed && verification) await countReplay({ challenges }, hash, now);
  if (verification?.verifiedBy === nonce) {
    return { kind: 'verified-before', expiresAt: ticketEnd(verification, now) };
  }
  throwUnlessLive(result.challenge, now, limits);
  const live = result.challenge;
  const offered = live && !isCodeless(live) ? methodsOf(live) : undefined;
  if (!offered?.includes(method)) throw notOffered();
  // The write was refused, yet the challenge returned with the refusal is live: a parallel write
  // changed it.
  throw new Problem('challenge_expired');
}

function notOffered(): Problem {
  const message = {
    ar: 'استخدم إحدى الطرق المذكورة في methods.',
    en: 'Use one of the methods that the challenge names.',
  };
  return new Problem('invalid_request', { errors: [{ path: 'method', message }] });
}

/**
 * Without a password, a code of an app takes what an SMS takes: one of the account's sends. Otherwise nothing would limit the
 * guesses of a stranger who starts many challenges first, nor the tickets of whoever holds the app. A ticket takes passwords.
 * Four AWS calls, two in sequence.
 * @throws Problem too_many_requests
 */
async function chargeProof(ports: Needs, challenge: Challenge, now: number): Promise<void> {
  if (challenge.purpose !== 'phone-first') return;
  await requireRoomForSend(ports, challenge);
  for (const charge of chargesOfSend(challenge, ports.limits)) {
    throwIfRefused(await ports.ledgers.charge(charge, now), now);
  }
}

/**
 * The account as it is now. A closed account, or one that belongs to another person by now,
 * verifies nothing.
 * @returns undefined where every code is wrong
 * @throws Problem challenge_expired
 */
async function accountOf(ports: Needs, challenge: Challenge): Promise<Account | undefined> {
  const { purpose } = challenge;
  if (purpose !== 'login' && purpose !== 'phone-first') throw new Problem('challenge_expired');
  const account = await findByTag(ports)(challenge.accountTag);
  const active = account?.status === 'active' ? account : undefined;
  // A decoy names nobody, and nobody's answer may differ.
  if (purpose === 'phone-first') return active;
  if (active?.userId !== challenge.userId) throw new Problem('challenge_expired');
  return active;
}

/**
 * A parallel copy of this keyed request may have used the code first. Its answer is then this
 * request's answer too.
 */
async function verifiedByTwin({ challenges }: Needs, { idHash }: Challenge, nonce: string) {
  const verification = verificationOf(await challenges.find(idHash));
  return verification?.verifiedBy === nonce ? verification : undefined;
}

/**
 * @returns `used` if another request used the code first, `lost` if the challenge takes no code any
 *   more
 */
async function useFactor(
  ports: Needs,
  accepted: {
    readonly account: Account;
    readonly proof: FactorProof;
    readonly challenge: Challenge;
    readonly expiresAt: number;
    readonly now: number;
    readonly nonce: string;
  },
  { origin }: Answer,
): Promise<'lost' | 'taken' | 'used'> {
  const { account, proof, challenge, expiresAt, now, nonce } = accepted;
  const { idHash, purpose } = challenge;
  const use = { kind: 'verify', idHash, now, ticketExpiresAt: expiresAt, nonce } as const;
  const events = factorEvents(ports, account, proof, { purpose, origin });
  return (await ports.accounts.takeFactor(account, proof, use, { events })).kind;
}
