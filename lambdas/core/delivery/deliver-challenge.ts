import { ledgerCharges } from '../budgets/challenge-charges.ts';
import { returnUnverifiedUse } from '../budgets/charge-address.ts';
import { reviewNumberOf } from '../budgets/review-numbers.ts';
import { deriveCode } from '../crypto/derive-code.ts';
import { unseal } from '../crypto/seal.ts';
import { deliveryBreaker } from '../model/breaker.ts';
import {
  addressTagOf,
  type Challenge,
  isCodeless,
  phoneContext,
  stateOf,
} from '../model/challenge.ts';
import { lapsedSlots } from '../model/phone-slots.ts';
import { paymentOf } from '../model/purpose.ts';
import { openTransaction } from '../model/transaction.ts';
import type { Ports } from '../ports/index.ts';
import type { Settlement } from '../ports/outbox.ts';
import type { OwedCode } from '../ports/retry-queue.ts';
import { codeMessage, phoneFullMessage, transactionMessage } from './messages.ts';
import { codeRetryPolicy } from './retry-policy.ts';
import { scheduleRetry } from './schedule-retry.ts';
import { type ProviderRound, settlementOf } from './send.ts';
import { tryProviders } from './try-providers.ts';

type Needs = Pick<
  Ports,
  | 'clock'
  | 'entropy'
  | 'keys'
  | 'limits'
  | 'challenges'
  | 'accounts'
  | 'sms'
  | 'retries'
  | 'portalHost'
  | 'spendings'
  | 'breakers'
  | 'spending'
  | 'ledgers'
  | 'reviewNumbers'
>;

/** What became of one send the outbox owed. */
export type Outcome =
  | 'decoy'
  | 'expired'
  | 'later'
  | 'no-budget'
  | 'phone-full'
  | 'refused'
  /** Not sent at all: it is of a review number. */
  | 'review'
  | 'sent'
  | 'settled-before'
  | 'unanswered';

/**
 * Delivers one send of a challenge, as the table's stream hands it over: at least once, so the outbox mark is
 * read again first and cleared last. What nobody can take now waits in the retry queue, until the code is dead.
 * @throws whatever the table said; the stream or the queue brings the send again
 */
export const deliverChallenge =
  (ports: Needs) =>
  async ({ idHash, sendNumber, round: turn }: OwedCode): Promise<Outcome> => {
    const { clock, limits, challenges } = ports;
    const challenge = await challenges.find(idHash);
    if (!challenge || isCodeless(challenge)) return 'settled-before';
    if (challenge.outbox !== sendNumber) return 'settled-before';
    // The stream brought it again, or the queue did: its next round is under way.
    if ((challenge.round ?? 0) > turn) return 'settled-before';

    // It arrived, whoever died before saying so.
    if (challenge.delivery === 'delivered') return settle('sent', { delivery: 'sent' });
    // It looks like any other that was sent.
    if (challenge.decoy) return settle('decoy', { delivery: 'sent' });
    // A locked one still goes out: it tells the owner that somebody is guessing.
    if (stateOf(challenge, clock(), limits) === 'gone') {
      return settle('expired', { delivery: 'failed' });
    }
    const full = await isFull(ports, challenge);
    if (await reviewNumberOf(ports)(challenge.phoneTag)) {
      await noteReviewer(ports, idHash, sendNumber);
      return full
        ? settle('phone-full', { delivery: 'sent', decoy: true })
        : settle('review', { delivery: 'sent' });
    }
    const round = await tryProviders(ports)({
      outbox: challenges,
      id: idHash,
      sendNumber,
      round: turn,
      state: challenge,
      payment: paymentOf(challenge),
      retryPolicy: codeRetryPolicy,
      expiresAt: challenge.expiresAt ?? challenge.sendBy,
      message: {
        phone: await openPhone(ports, challenge),
        body: full ? phoneFullMessage(challenge.language) : await composeMessage(ports, challenge),
        reference: `${idHash}.${sendNumber}`,
      },
    });
    const outcome = await conclude(ports, { challenge, sendNumber, round: turn }, round, full);
    // Last, and not worth more than a try: the item is one that all failing sends write.
    if (round.troubled && round.kind !== 'accepted')
      await reportTrouble(ports).catch(() => undefined);
    return outcome;

    async function settle(outcome: Outcome, as: Settlement): Promise<Outcome> {
      await challenges.settle(idHash, sendNumber, as);
      return outcome;
    }
  };

/** Reviewers have the code from elsewhere: from here on it counts. A note from before a crash is as good. */
async function noteReviewer(
  { challenges, entropy }: Needs,
  idHash: string,
  sendNumber: number,
): Promise<void> {
  const nonce = entropy(12).toString('base64url');
  await challenges.recordAttempt(idHash, sendNumber, { entry: `${sendNumber}.review.1`, nonce });
}

/** Seconds for which a failed send is taken as a sign that delivery as a whole is in trouble. */
const troubleSeconds = 60;

const reportTrouble = ({ breakers, clock }: Needs): Promise<void> =>
  breakers.open(deliveryBreaker, clock() + troubleSeconds);

/** Seconds before each further round: a hiccup costs little, and an outage few calls. */
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
  const settled = await ports.challenges.settle(idHash, sendNumber, {
    ...settlementOf(round),
    ...(full && { decoy: true }),
  });
  // Twins come to the same end, and one of them gives back.
  if (round.kind === 'no-budget' && settled && !round.mayBeOut) await returnUnits(ports, challenge);
  return outcomeOf(round, full);
}

function outcomeOf({ kind, mayBeOut }: ProviderRound, full: boolean): Outcome {
  if (kind === 'no-budget') return kind;
  if (full) return 'phone-full';
  if (kind === 'accepted') return 'sent';
  return mayBeOut ? 'unanswered' : 'refused';
}

/**
 * An SMS to a phone that its caller named, and that was promised and could not be paid, is not counted against that phone, nor
 * the caller's account or address. A reset's is: nobody gives a decoy's back, and that would tell them apart. After the challenge
 * is settled: a crash in between costs the phone a send, and the other order would give it back twice.
 */
async function returnUnits(ports: Needs, challenge: Challenge): Promise<void> {
  const { ledgers, limits } = ports;
  const { sends, createdAt } = challenge;
  const addressTag = addressTagOf(challenge);
  const payment = paymentOf(challenge);
  if (payment === 'account-phone') return;
  const sentAt = (challenge.sendAgainAt ?? createdAt) - limits.resendSeconds;
  const charges = ledgerCharges(challenge, limits, true).filter(({ counts }) => counts === 'uses');
  await Promise.all(charges.map((charge) => ledgers.returnUnit(charge, sentAt)));
  if (addressTag !== undefined && sends === 1)
    await returnUnverifiedUse(ports)(addressTag, createdAt);
}

async function openPhone({ keys }: Needs, challenge: Challenge): Promise<string> {
  return unseal(keys, phoneContext(challenge.phoneTag), challenge.phone);
}

/**
 * Whether the phone an account is to be on has no place left. Looked up here and not at the start, because here nobody
 * can time it: a full phone gets the same answer as any other, and an SMS that says so.
 */
async function isFull({ accounts, clock, limits }: Needs, challenge: Challenge): Promise<boolean> {
  const { purpose } = challenge;
  if (purpose !== 'registration' && purpose !== 'phone-change') return false;
  const slots = await accounts.openSlots(challenge.phoneTag);
  const lapsed = Object.keys(lapsedSlots(slots, clock()));
  return Object.keys(slots).length - lapsed.length >= limits.accountsPerPhone;
}

async function composeMessage({ keys, limits, portalHost }: Needs, challenge: Challenge) {
  const keySet = (await keys(challenge.keyVersion)).version(challenge.keyVersion);
  if (!keySet) throw new Error(`No keys of version ${challenge.keyVersion}`);
  const code = deriveCode(keySet, challenge.idHash, limits.codeLength);
  const { purpose, language } = challenge;
  if (purpose !== 'transaction') return codeMessage(purpose, language, code, portalHost);
  const transaction = await openTransaction(keys, challenge);
  return transactionMessage(transaction, language, code, portalHost);
}
