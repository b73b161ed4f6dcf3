import { type Challenge, isCodeless, isUnderOwnKey, sendKey } from '../model/challenge.ts';
import { phoneClassOf } from '../model/purpose.ts';
import { openPhone } from '../model/sealed-phone.ts';
import type { ProvenUse } from '../ports/challenge-store.ts';
import type { Ports } from '../ports/index.ts';
import { unitsOfSends } from './challenge-charges.ts';
import { creditAddress, returnAddressUnits } from './charge-address.ts';
import { returnResetToPhone } from './charge-reset-phone.ts';
import { reviewNumberOf } from './review-numbers.ts';
import { creditSpending, type MoneyPorts } from './spend-breaker.ts';

type Needs = MoneyPorts &
  Pick<Ports, 'phoneSealKeys' | 'tags' | 'limits' | 'challenges' | 'ledgers' | 'reviewNumbers'>;

/**
 * Gives back what the SMS of a verified code took: its units of phone, account and address, and its unverified money. A
 * phone's first code of a day also earns something for others (docs/decisions/0046). The table's stream triggers it,
 * because verifying a code must take a single AWS call. A record that is delivered again has no further effect.
 *
 * The units of phone and account are exact: one transaction marks the code and returns them. A crash after it loses what the
 * code gives back to address and purse, and earns nothing twice.
 */
export const creditVerifiedCode =
  (ports: Needs) =>
  async (idHash: string): Promise<void> => {
    const challenge = await ports.challenges.find(idHash);
    // Another flow's function must not earn anything for this one.
    if (!challenge || isCodeless(challenge) || !isUnderOwnKey(challenge)) return;
    if (await reviewNumberOf(ports)(challenge.phoneTag)) return returnReviewed(ports, challenge);
    const { kind } = await ports.challenges.giveBack(idHash, provenUse(ports, challenge));
    if (kind !== 'first' && kind !== 'further') return;
    await Promise.all([
      returnResets(ports, challenge),
      returnAddressUnits(ports)(challenge),
      creditOwnFlow(ports, challenge, kind === 'first'),
    ]);
  };

/**
 * The code of a review number is known in advance and proves no delivery. So it gives back only its own units of addresses:
 * reviewers use up no share of an address.
 */
async function returnReviewed(ports: Needs, challenge: Challenge): Promise<void> {
  const { kind } = await ports.challenges.countVerified(challenge.idHash);
  if (kind === 'counted') await returnAddressUnits(ports)(challenge);
}

function provenUse({ limits }: Needs, challenge: Challenge): ProvenUse {
  const { phoneTag: tag, purpose, sentAt, createdAt } = challenge;
  const verifiedUntil = 'ticketExpiresAt' in challenge ? challenge.ticketExpiresAt : undefined;
  return {
    // Apart, so that the function of relying services cannot use up what other flows give back.
    ledger: { scope: purpose === 'transaction' ? 'verified-transactions' : 'verified-sms', tag },
    at: verifiedUntil === undefined ? createdAt : verifiedUntil - limits.ticketSeconds,
    sms: Object.keys(sentAt).length,
    // The last ones stay counted, so that a SIM whose holder verifies everything ends at exactly that many.
    most: limits.verifiedSmsPerPhoneAndDay - limits.sendsPerPhoneAndDay,
    units: unitsOfSends(challenge, limits),
  };
}

/** The sender charged each SMS of a reset to its phone, too. */
async function returnResets(ports: Needs, challenge: Challenge): Promise<void> {
  const sends = Array.from({ length: challenge.sends }, (_, before) => before + 1);
  const texted = sends.filter((sendNumber) => sendKey(sendNumber) in challenge.sentAt);
  await Promise.all(texted.map((sendNumber) => returnResetToPhone(ports)(challenge, sendNumber)));
}

/**
 * A transaction was paid from the budget of its relying service, and earns nothing. Otherwise the owner of such a service
 * could verify codes on their own phones, and have SMS pumped by registrations for it.
 */
async function creditOwnFlow(ports: Needs, challenge: Challenge, isFirst: boolean): Promise<void> {
  const { purpose, createdAt, asked } = challenge;
  if (purpose === 'transaction') return;
  const sentTo = await openPhone(ports.phoneSealKeys, challenge, createdAt);
  await Promise.all([
    // Each recorded attempt was paid, and not refunded.
    creditSpending(ports)(phoneClassOf(purpose), sentTo, { sms: asked?.size ?? 0, isFirst }),
    isFirst && creditAddress(ports)(challenge),
  ]);
}
