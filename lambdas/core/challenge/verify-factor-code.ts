import { checkFactor, factorEvents } from '../account/second-factor.ts';
import { recordWrongCode, type WrongCodeNeeds } from '../budgets/record-wrong-code.ts';
import type { Account } from '../model/account.ts';
import type { Challenge } from '../model/challenge.ts';
import { isCodeless, methodsOf, verificationOf } from '../model/challenge.ts';
import { Problem } from '../model/problems.ts';
import type { Origin } from '../model/records.ts';
import type { FactorCode, FactorProof } from '../model/second-factor.ts';
import type { Ports } from '../ports/index.ts';
import { type ChallengeId, readChallengeId } from './id.ts';
import { mintTicket } from './ticket.ts';
import {
  takeRepetition,
  throwUnlessLive,
  ticketEnd,
  type Verified,
  verificationNonce,
} from './verify-sms-code.ts';

type Needs = Pick<Ports, 'accounts' | 'challenges' | 'clock' | 'entropy' | 'keys' | 'limits'> &
  WrongCodeNeeds;

interface Answer extends FactorCode {
  readonly id: string;
  readonly origin: Origin;
  readonly idempotencyKey?: string | undefined;
}

/**
 * Checks a code of an authenticator app, or a recovery code, for a challenge that may be answered with it. The attempt is
 * taken before the code is looked at, by the write that also reads the challenge: of a thousand at once five are looked at.
 * The code is used up by the write that verifies the challenge. Three AWS calls in sequence.
 * @throws Problem code_incorrect, invalid_request (it takes no such code), challenge_locked, challenge_expired
 */
export const verifyFactorCode =
  (ports: Needs) =>
  async (answer: Answer): Promise<Verified> => {
    const { clock, keys, limits } = ports;
    const challengeId = readChallengeId(answer.id);
    const keySet =
      challengeId && (await keys(challengeId.keyVersion)).version(challengeId.keyVersion);
    if (!challengeId || !keySet) throw new Problem('challenge_expired');

    const now = clock();
    const { code, idempotencyKey } = answer;
    const nonce = verificationNonce(ports, { keySet, challengeId, code, idempotencyKey });
    const taken = await takeAttempt(ports, challengeId, answer, { now, nonce });
    const ticket = mintTicket(keySet, challengeId);
    if (taken.kind === 'verified-before') return { ticket, expiresAt: taken.expiresAt };
    const { challenge } = taken;
    const account = await accountOf(ports, challenge);
    const expiresAt = now + limits.ticketSeconds;
    const proof = await checkFactor(ports)(account, answer);
    const right = proof && { proof, challenge, expiresAt, now, nonce };
    const outcome = right ? await useUp(ports, account, right, answer) : 'wrong';
    if (outcome === 'taken') return { ticket, expiresAt };
    const keyed = idempotencyKey !== undefined;
    const twin = keyed ? await verifiedByTwin(ports, challenge, nonce) : undefined;
    if (twin) return { ticket, expiresAt: ticketEnd(twin, now) };
    if (outcome === 'lost') throw new Problem('challenge_expired');
    const callers = { scope: 'address', tag: answer.origin.addressTag } as const;
    await recordWrongCode(ports)(challenge, callers, now);
    const attemptsLeft = limits.attemptsPerChallenge - challenge.attempts;
    throw new Problem('code_incorrect', { attemptsLeft });
  };

type CountedAttempt =
  | { readonly kind: 'counted'; readonly challenge: Challenge }
  /** By this very request, whose answer was lost. */
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
  if (keyed && verification) await takeRepetition({ challenges }, hash, now);
  if (verification?.verifiedBy === nonce) {
    return { kind: 'verified-before', expiresAt: ticketEnd(verification, now) };
  }
  throwUnlessLive(result.challenge, now, limits);
  const live = result.challenge;
  const offered = live && !isCodeless(live) ? methodsOf(live) : undefined;
  if (!offered?.includes(method)) throw notOffered();
  // It was live only in the reading that came back with the lost race.
  throw new Problem('challenge_expired');
}

function notOffered(): Problem {
  const message = {
    ar: 'استخدم إحدى الطرق المذكورة في methods.',
    en: 'Use one of the methods that the challenge names.',
  };
  return new Problem('invalid_request', { errors: [{ path: 'method', message }] });
}

/** The account as it is now: one that was closed, or that is another person's by now, verifies nothing. */
async function accountOf({ accounts }: Needs, challenge: Challenge): Promise<Account> {
  if (challenge.purpose !== 'login') throw new Problem('challenge_expired');
  const account = await accounts.find(challenge.accountTag);
  const same = account?.status === 'active' && account.userId === challenge.userId;
  if (!same) throw new Problem('challenge_expired');
  return account;
}

/** A twin of this very keyed request may have been faster, and used the code up: then its answer is this one's. */
async function verifiedByTwin({ challenges }: Needs, { idHash }: Challenge, nonce: string) {
  const verification = verificationOf(await challenges.find(idHash));
  return verification?.verifiedBy === nonce ? verification : undefined;
}

/** @returns `used` where another request was faster with the same code, `lost` where the challenge takes none any more */
async function useUp(
  ports: Needs,
  account: Account,
  right: {
    readonly proof: FactorProof;
    readonly challenge: Challenge;
    readonly expiresAt: number;
    readonly now: number;
    readonly nonce: string;
  },
  { origin }: Answer,
): Promise<'lost' | 'taken' | 'used'> {
  const { proof, challenge, expiresAt, now, nonce } = right;
  const { idHash, purpose } = challenge;
  const use = { kind: 'verify', idHash, now, ticketExpiresAt: expiresAt, nonce } as const;
  const events = factorEvents(ports, account, proof, { purpose, origin });
  return (await ports.accounts.takeFactor(account, proof, use, { events })).kind;
}
