import { chargeNamedSend, returnNamedSend } from '../budgets/cap-named-sends.ts';
import { chargesOfSend } from '../budgets/challenge-charges.ts';
import { reviewNumberOf } from '../budgets/review-numbers.ts';
import { type MoneyPorts, releaseMoney } from '../budgets/spend-breaker.ts';
import { deriveCode } from '../crypto/derive-code.ts';
import type { CodeKey } from '../crypto/keys.ts';
import { deliveryBreaker } from '../model/breaker.ts';
import {
  type Challenge,
  isCodeless,
  isUnderOwnKey,
  mayBeOut,
  reservedAtOf,
  sendKey,
  stateOf,
} from '../model/challenge.ts';
import { lapsedSlots } from '../model/phone-slots.ts';
import { isRelying, paymentOf } from '../model/purpose.ts';
import { isTagOf, openPhone } from '../model/sealed-phone.ts';
import { openTransaction } from '../model/transaction.ts';
import type { Ports } from '../ports/index.ts';
import type { Settlement } from '../ports/outbox.ts';
import type { OwedCode } from '../ports/retry-queue.ts';
import { codeMessage, phoneFullMessage, transactionMessage } from './messages.ts';
import { nameOnSharedPhone } from './name-on-shared-phone.ts';
import { codeRetryPolicy } from './retry-policy.ts';
import { scheduleRetry } from './schedule-retry.ts';
import { type ProviderRound, settlementOf } from './send.ts';
import { tryProviders } from './try-providers.ts';

type Needs = MoneyPorts &
  Pick<
    Ports,
    | 'entropy'
    | 'codeKeys'
    | 'phoneSealKeys'
    | 'sealKeys'
    | 'tags'
    | 'limits'
    | 'challenges'
    | 'accounts'
    | 'sms'
    | 'retries'
    | 'portalHost'
    | 'ledgers'
    | 'reviewNumbers'
  >;

/** The outcome of one send from the outbox. */
export type Outcome =
  | 'decoy'
  | 'expired'
  /**
   * The sealed number is not the phone that the item names, or the item's purpose is not that of its key. A function must
   * have been taken over.
   */
  | 'forged'
  | 'later'
  | 'no-budget'
  /** Not sent, because the phone got as many resets as it may get. */
  | 'phone-capped'
  | 'phone-full'
  | 'refused'
  /** Not sent, because the phone is a review number. */
  | 'review'
  | 'sent'
  | 'settled-before'
  | 'unanswered';

/**
 * Delivers one send of a challenge. The table's stream delivers at least once, so the outbox mark is read first and
 * cleared last. If no provider accepts the send now, it waits in the retry queue until the code expires.
 * @throws errors of the table and of the keys; the stream or the queue then delivers the send again
 */
export const deliverChallenge =
  (ports: Needs) =>
  async ({ idHash, sendNumber, round: turn }: OwedCode): Promise<Outcome> => {
    const { clock, limits, challenges } = ports;
    const stored = await challenges.find(idHash);
    if (!stored || isCodeless(stored)) return 'settled-before';
    const challenge: Challenge = stored;
    if (challenge.outbox !== sendNumber) return 'settled-before';
    // A repeated delivery by the stream or the queue: the next round is already under way.
    if ((challenge.round ?? 0) > turn) return 'settled-before';

    // Before anything that returns money: a forged reservation would be refunded although nobody paid it.
    if (!isUnderOwnKey(challenge)) {
      await challenges.settle(idHash, sendNumber, { delivery: 'failed', decoy: true });
      return 'forged';
    }

    // A receipt reported delivery, but an earlier run crashed before it settled the send.
    if (challenge.delivery === 'delivered') return settle('sent', { delivery: 'sent' });
    // A decoy must look like any challenge whose code was sent.
    if (challenge.decoy) return settle('decoy', { delivery: 'sent' });
    // The SMS of a locked challenge is still sent: it warns the owner of the guesses.
    if (stateOf(challenge, clock(), limits) === 'gone') {
      await settle('expired', { delivery: 'failed' });
      // A provider that was asked may have sent it.
      if (!mayBeOut(challenge, sendNumber)) await returnNamedSend(ports)(challenge, sendNumber);
      return 'expired';
    }
    const full = await isPhoneFull(ports, challenge);
    if (await reviewNumberOf(ports)(challenge.phoneTag)) {
      await recordReviewAttempt(ports, idHash, sendNumber);
      return full
        ? settle('phone-full', { delivery: 'sent', decoy: true })
        : settle('review', { delivery: 'sent' });
    }
    const phone = await openPhone(ports.phoneSealKeys, challenge, challenge.createdAt);
    if (!isTagOf(await ports.tags(), challenge.phoneTag, phone)) {
      return settle('forged', { delivery: 'failed', decoy: true });
    }
    const codeKey = await codeKeyOf(ports, challenge);
    // The code was retired after its first SMS. Sent again, it could not be verified.
    if (!codeKey) return settle('expired', { delivery: 'failed' });
    // It must look as a decoy does. Without a recorded attempt its code never verifies.
    if (!(await chargeNamedSend(ports)(challenge, sendNumber))) {
      return settle('phone-capped', { delivery: 'sent' });
    }
    const round = await tryProviders(ports)({
      outbox: challenges,
      id: idHash,
      sendNumber,
      round: turn,
      state: challenge,
      payment: paymentOf(challenge),
      reserved: reservedAtOf(challenge) !== undefined,
      retryPolicy: codeRetryPolicy,
      expiresAt: challenge.expiresAt ?? challenge.sendBy,
      message: {
        phone,
        body: full
          ? phoneFullMessage(challenge.language)
          : await composeMessage(ports, challenge, codeKey),
        reference: `${idHash}.${sendNumber}`,
      },
      keyVersion: codeKey.version,
    });
    const outcome = await conclude(ports, { challenge, sendNumber, round: turn }, round, full);
    // Last, and without a retry: all failing sends write to this one item.
    if (round.troubled && round.kind !== 'accepted')
      await reportTrouble(ports).catch(() => undefined);
    return outcome;

    async function settle(outcome: Outcome, as: Settlement): Promise<Outcome> {
      const settled = await challenges.settle(idHash, sendNumber, as);
      if (settled && !mayBeOut(challenge, sendNumber)) await releaseReservation(ports, challenge);
      return outcome;
    }
  };

/**
 * Gives back the money of a send that certainly sends nothing. Call it after the send is settled, by the run that settled
 * it: parallel runs then give it back once. A crash in between loses the price of one SMS until the UTC day ends.
 */
async function releaseReservation(ports: Needs, challenge: Challenge): Promise<void> {
  const reservedAt = reservedAtOf(challenge);
  if (reservedAt !== undefined) await releaseMoney(ports)(reservedAt);
}

/**
 * Records an attempt, so that the code verifies although no SMS is sent: reviewers get the code from their store entry.
 * The result does not matter, because an attempt recorded before a crash serves as well.
 */
async function recordReviewAttempt(
  { challenges, entropy }: Needs,
  idHash: string,
  sendNumber: number,
): Promise<void> {
  const nonce = entropy(12).toString('base64url');
  await challenges.recordAttempt(idHash, sendNumber, { entry: `${sendNumber}.review.1`, nonce });
}

/** Seconds for which one failed send counts as a sign that delivery as a whole is in trouble. */
const troubleSeconds = 60;

const reportTrouble = ({ breakers, clock }: Needs): Promise<void> =>
  breakers.open(deliveryBreaker, clock() + troubleSeconds);

/** Seconds before each further round. A short failure costs little time, and a long outage costs few calls. */
const pauses = [2, 4, 8, 15, 30];

async function conclude(
  ports: Needs,
  of: { readonly challenge: Challenge; readonly sendNumber: number; readonly round: number },
  round: ProviderRound,
  full: boolean,
): Promise<Outcome> {
  const { challenge, sendNumber } = of;
  const { idHash } = challenge;
  if (round.kind === 'overtaken') return 'settled-before';
  if (round.kind === 'later') {
    const owed = { idHash, sendNumber, round: of.round + 1 };
    const at = { outbox: ports.challenges, id: idHash };
    await scheduleRetry(ports)(at, owed, pauses[of.round] ?? 30, round);
    return 'later';
  }
  const returnsUnits = round.kind === 'no-budget' && isRelying(paymentOf(challenge));
  const settled = await ports.challenges.settle(idHash, sendNumber, {
    ...settlementOf(round),
    ...(full && { decoy: true }),
    ...(returnsUnits && !round.mayBeOut && { unitsReturned: true }),
  });
  // Parallel deliveries reach the same result. Only the one that settled the send gives back.
  if (settled && !round.mayBeOut) {
    await releaseReservation(ports, challenge);
    if (returnsUnits) await returnUnits(ports, challenge, sendNumber);
    await returnNamedSend(ports)(challenge, sendNumber);
  }
  return outcomeOf(round, full);
}

function outcomeOf({ kind, mayBeOut }: ProviderRound, full: boolean): Outcome {
  if (kind === 'no-budget') return kind;
  if (full) return 'phone-full';
  if (kind === 'accepted') return 'sent';
  return mayBeOut ? 'unanswered' : 'refused';
}

/**
 * Returns the phone's units of a transaction that was promised and could not be paid. An SMS to a caller-chosen phone is
 * paid before it is promised. Units of a password reset are kept: those of a decoy are never returned, so returning them
 * would reveal which accounts exist.
 *
 * Call it after the challenge is settled: a crash in between then costs the phone one send. The reverse order could
 * return the units twice.
 */
async function returnUnits(
  { ledgers, limits }: Needs,
  challenge: Challenge,
  sendNumber: number,
): Promise<void> {
  const at = challenge.sentAt[sendKey(sendNumber)];
  if (at === undefined) return;
  const charges = chargesOfSend(challenge, limits);
  await Promise.all(charges.map((charge) => ledgers.returnUnit(charge, at)));
}

/**
 * Tells whether the phone for a new or moved account has no free slot. It is checked here and not at the start of the
 * challenge: there, the latency would reveal a full phone. The caller gets the same answer for every phone, and a full
 * phone gets an SMS that explains it.
 */
async function isPhoneFull(
  { accounts, clock, limits }: Needs,
  challenge: Challenge,
): Promise<boolean> {
  const { purpose } = challenge;
  if (purpose !== 'registration' && purpose !== 'phone-change') return false;
  const slots = await accounts.openSlots(challenge.phoneTag);
  const lapsed = Object.keys(lapsedSlots(slots, clock()));
  return Object.keys(slots).length - lapsed.length >= limits.accountsPerPhone;
}

/**
 * Every SMS of a challenge holds the same code, also when a rotation falls between two of them.
 * @returns undefined if the key of that code is no longer accepted
 */
async function codeKeyOf(
  { codeKeys }: Needs,
  { keyVersion, createdAt }: Challenge,
): Promise<CodeKey | undefined> {
  const { current, version } = await codeKeys();
  return keyVersion === undefined ? current : version(keyVersion, createdAt);
}

async function composeMessage(ports: Needs, challenge: Challenge, codeKey: CodeKey) {
  const { sealKeys, limits, portalHost } = ports;
  const code = deriveCode(codeKey, challenge.idHash, limits.codeLength);
  const { purpose, language } = challenge;
  if (purpose !== 'transaction') {
    const name = await nameOnSharedPhone(ports)(challenge);
    return codeMessage(purpose, language, code, portalHost, name);
  }
  const transaction = await openTransaction(sealKeys, challenge);
  return transactionMessage(transaction, language, code, portalHost);
}
