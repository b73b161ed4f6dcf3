import { ledgerCharges } from '../budgets/challenge-charges.ts';
import {
  addressUnitOf,
  chargeAddress,
  chargeRegistrationAddress,
} from '../budgets/charge-address.ts';
import { type PromiseNeeds, promiseSms, type RefusedPromise } from '../budgets/promise-sms.ts';
import { type Return, returnOf, returnUnjudged } from '../budgets/return-unjudged.ts';
import { limitsOfPhone } from '../budgets/review-numbers.ts';
import { breakerWait } from '../budgets/spend-breaker.ts';
import { readChallengeId } from '../challenge/id.ts';
import { shownPhone } from '../challenge/view.ts';
import {
  addressTagOf,
  type Challenge,
  type ChallengeView,
  lockedProblem,
  mayBeOut,
  methodsOf,
  reservedAtOf,
  stateOf,
} from '../model/challenge.ts';
import { addressLedger, type Charge, hasRoom, retryAfter } from '../model/ledger.ts';
import { type LimitKind, limitOf } from '../model/limit-kind.ts';
import { Problem } from '../model/problems.ts';
import { isRelying, paymentOf } from '../model/purpose.ts';
import { openPhone } from '../model/sealed-phone.ts';
import type { NextSend } from '../ports/challenge-store.ts';
import type { Ports } from '../ports/index.ts';

type Needs = PromiseNeeds & Pick<Ports, 'challenges' | 'phoneSealKeys'>;

/**
 * Sends a challenge for the first time, or again. While the code lives it stays the same, so that
 * two SMS never contradict each other. A decoy is treated like any other challenge, and the sender
 * drops it.
 * Two AWS calls for the first send of a reset. A further send charges the caller's address as a
 * start does: three calls. That of a registration or a change of phone also reserves its money: four.
 * @throws Problem challenge_expired, challenge_locked; too_many_requests with the seconds to wait
 */
export const sendChallenge =
  (ports: Needs) =>
  async ({ id, address }: SendInput): Promise<ChallengeView> => {
    const { clock, phoneSealKeys, limits, challenges } = ports;
    const now = clock();
    const challengeId = readChallengeId(id);
    if (!challengeId) throw new Problem('challenge_expired');

    const challenge = await findLive(ports, challengeId.hash, now);
    const phone = await openPhone(phoneSealKeys, challenge, challenge.createdAt);
    const closed = await breakerWait(ports)(paymentOf(challenge));
    if (closed > 0 || coolDown(challenge, now) > 0) throw await refusal(ports, challenge, now);
    const charges = await sendCharges(ports, challenge);
    const cost = await chargeSend(ports, challenge, phone, address);
    if (cost.kind === 'refused') throw await refusal(ports, challenge, now, cost);

    const sendAgainAt = now + limits.resendSeconds;
    // The code's life starts with its first send. A resend does not lengthen it.
    const expiresAt = challenge.expiresAt ?? now + limits.codeSeconds;
    const next = { sendAgainAt, expiresAt, ...cost.kept };
    const { kind } = await returnUnjudged(cost.returns, () =>
      challenges.send(challenge, next, charges, now),
    );
    if (kind !== 'sent') {
      await cost.undo();
      // A budget is full, a parallel request has just sent it, or its code was just verified.
      throw await refusal(ports, await findLive(ports, challengeId.hash, now), now);
    }
    const methods = methodsOf(challenge);
    return {
      id,
      purpose: challenge.purpose,
      sendAgainAt,
      expiresAt,
      sent: true,
      destination: shownPhone(challenge.purpose, phone),
      ...(methods && { methods }),
    };
  };

async function findLive(
  { challenges, limits }: Needs,
  idHash: string,
  now: number,
): Promise<Challenge> {
  const challenge = await challenges.find(idHash);
  const state = stateOf(challenge, now, limits);
  if (challenge?.status !== 'pending' || state === 'gone') throw new Problem('challenge_expired');
  if (state === 'locked') throw lockedProblem(challenge, now);
  return challenge;
}

interface SendInput {
  readonly id: string;
  /** Reads the caller's IP address. It is read only where the send counts for it. */
  readonly address: () => Promise<string>;
}

/** What a send has taken before it is promised. */
interface SendCost {
  readonly kind: 'charged';
  /** What its challenge keeps of it. */
  readonly kept?: Pick<NextSend, 'addressUnit' | 'reservedAt' | 'carriesOver'>;
  /** Gives it back, where the send is refused after all. */
  readonly undo: () => Promise<void>;
  /** The same for a send that gives no answer. */
  readonly returns: readonly Return[];
}

const free: SendCost = { kind: 'charged', undo: async () => undefined, returns: [] };

/**
 * Charges what a send costs besides its phone's and its account's budgets. A further send costs an address what a start
 * does. The first send is a part of its start. A relying service's own address is never charged.
 * @throws Problem too_many_requests
 */
async function chargeSend(
  ports: Needs,
  challenge: Challenge,
  phone: string,
  address: SendInput['address'],
): Promise<SendCost | RefusedPromise> {
  const addressTag = addressTagOf(challenge);
  if (addressTag !== undefined) {
    return reserveSend(ports, challenge, { addressTag, phone, phoneTag: challenge.phoneTag });
  }
  if (challenge.purpose === 'phone-first') return chargeNamedAccount(ports, await address());
  if (challenge.sends === 0 || isRelying(paymentOf(challenge))) return free;
  const unit = await chargeAddress(ports)(await address());
  return {
    kind: 'charged',
    kept: { addressUnit: addressUnitOf(unit) },
    undo: () => ports.ledgers.returnUnit(unit.charge, unit.at),
    returns: [returnOf(ports, unit)],
  };
}

/** Whoever asks has named an account and proved nothing: the code counts as unverified with the address, that of a decoy too. */
async function chargeNamedAccount(
  ports: Needs,
  address: string,
): Promise<SendCost | RefusedPromise> {
  const { tag } = addressLedger(await ports.tags(), address);
  const now = ports.clock();
  const charged = await chargeRegistrationAddress(ports)(tag, now);
  if (charged.kind === 'refused') {
    const seconds = retryAfter(charged.counts, charged.charge, now);
    return { kind: 'refused', seconds, limit: 'address' };
  }
  const { unit } = charged;
  return {
    kind: 'charged',
    kept: { addressUnit: addressUnitOf(unit) },
    undo: () => ports.ledgers.returnUnit(unit.charge, unit.at),
    returns: [returnOf(ports, unit)],
  };
}

async function reserveSend(
  ports: Needs,
  challenge: Challenge,
  of: Parameters<ReturnType<typeof promiseSms>>[0],
): Promise<SendCost | RefusedPromise> {
  const reservedAt = reservedAtOf(challenge);
  // In an outage, the send before is still owed and no SMS of it is out. What was taken for it pays for this one.
  const isUnsent = challenge.outbox !== undefined && !mayBeOut(challenge, challenge.sends);
  if (isUnsent && reservedAt !== undefined) {
    return { ...free, kept: { reservedAt, carriesOver: true } };
  }
  const promised = await promiseSms(ports)(of);
  if (promised.kind === 'refused') return promised;
  const { undo, returns, addressUnit, reservedAt: at } = promised;
  const kept = at === undefined ? { addressUnit } : { addressUnit, reservedAt: at };
  return { kind: 'charged', undo, returns, kept };
}

const sendCharges = async (ports: Needs, challenge: Challenge): Promise<Charge[]> =>
  ledgerCharges(challenge, await limitsOfPhone(ports)(challenge.phoneTag), true);

/** Seconds until it may be sent again; 0 or less if it may be sent now. */
const coolDown = ({ sendAgainAt = 0 }: Pick<Challenge, 'sendAgainAt'>, now: number): number =>
  sendAgainAt - now;

/**
 * The wait is the longest of all limits that refuse. Otherwise a client that waits as told would be
 * refused by the next limit.
 * The ledgers are read only here: for a send that goes through, they are conditions of its write.
 * @param refused the limit that has refused already
 */
async function refusal(
  ports: Needs,
  challenge: Challenge,
  now: number,
  refused?: RefusedPromise,
): Promise<Problem> {
  const charges = await sendCharges(ports, challenge);
  const ledgers = charges.map(async (charge): Promise<Wait> => {
    const counts = await ports.ledgers.counts(charge.ledger, now);
    const seconds = hasRoom(counts, charge) ? 0 : retryAfter(counts, charge, now);
    return { seconds, ...limitOf(charge.ledger.scope) };
  });
  const [closed, ...full] = await Promise.all([
    breakerWait(ports)(paymentOf(challenge)),
    ...ledgers,
  ]);
  const waits: Wait[] = [
    // A budget may have room again since it refused. Then the wait is one second.
    refused ?? { seconds: 1 },
    { seconds: coolDown(challenge, now), limit: 'resend' },
    { seconds: closed, limit: 'service' },
    ...full,
  ];
  const longest = waits.reduce((a, b) => (b.seconds > a.seconds ? b : a));
  const { seconds, limit } = longest;
  return new Problem('too_many_requests', { retryAfter: seconds, ...(limit && { limit }) });
}

/** How long a limit refuses, in seconds. */
interface Wait {
  readonly seconds: number;
  readonly limit?: LimitKind;
}
