import {
  type Challenge,
  type ChallengeOf,
  chargedSends,
  isCodeless,
  isUnderOwnKey,
} from '../model/challenge.ts';
import { type OwnPurpose, phoneClassOf } from '../model/purpose.ts';
import { openPhone } from '../model/sealed-phone.ts';
import type { ProvenUse } from '../ports/challenge-store.ts';
import type { Ports } from '../ports/index.ts';
import { returnNamedSend } from './cap-named-sends.ts';
import { unitsOfSends } from './challenge-charges.ts';
import { creditAddress, returnAddressUnits } from './charge-address.ts';
import { reviewNumberOf } from './review-numbers.ts';
import { creditSpending, type MoneyPorts } from './spend-breaker.ts';

type Needs = MoneyPorts &
  Pick<Ports, 'phoneSealKeys' | 'tags' | 'limits' | 'challenges' | 'ledgers' | 'reviewNumbers'>;

/**
 * Gives back what the SMS of a verified code took: its units of addresses and its unverified money. Where the code ends its
 * flow, its units of phone and account too. A phone's first code of a day also earns something for others
 * (docs/decisions/0046). The table's stream triggers it,
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
    // A transaction was paid by its relying service, and took nothing of an address. If it earned something, the owner of such
    // a service could verify codes on their own phones, and have SMS pumped by registrations for it.
    if (challenge.purpose === 'transaction') return;
    await Promise.all([
      returnNamedSends(ports, challenge),
      returnAddressUnits(ports)(challenge),
      creditPhone(ports, challenge, kind === 'first'),
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
  const { phoneTag: tag, purpose, createdAt } = challenge;
  const verifiedUntil = 'ticketExpiresAt' in challenge ? challenge.ticketExpiresAt : undefined;
  return {
    // Apart, so that the function of relying services cannot use up what other flows give back.
    ledger: { scope: purpose === 'transaction' ? 'verified-transactions' : 'verified-sms', tag },
    at: verifiedUntil === undefined ? createdAt : verifiedUntil - limits.ticketSeconds,
    sms: chargedSends(challenge).length,
    // The last ones stay counted, so that a SIM whose holder verifies everything ends at exactly that many.
    most: limits.verifiedSmsPerPhoneAndDay - limits.sendsPerPhoneAndDay,
    units: unitsOfSends(challenge, limits),
  };
}

/** The sender charged each SMS that a name caused to its phone, too. */
async function returnNamedSends(ports: Needs, challenge: Challenge): Promise<void> {
  const returns = chargedSends(challenge).map((sendNumber) =>
    returnNamedSend(ports)(challenge, sendNumber),
  );
  await Promise.all(returns);
}

async function creditPhone(
  ports: Needs,
  challenge: ChallengeOf<OwnPurpose>,
  isFirst: boolean,
): Promise<void> {
  const { purpose, createdAt } = challenge;
  const sentTo = await openPhone(ports.phoneSealKeys, challenge, createdAt);
  const code = { sms: paidSms(ports, challenge), isFirst };
  await Promise.all([
    creditSpending(ports)(phoneClassOf(purpose), sentTo, code),
    isFirst && creditAddress(ports)(challenge),
  ]);
}

/**
 * The SMS of a challenge that were paid: each recorded attempt was, and was not refunded. More than a phone gets in a day are a
 * forgery: a function that was taken over must not earn any amount with one item.
 */
const paidSms = ({ limits }: Needs, { asked }: Pick<Challenge, 'asked'>): number =>
  Math.min(asked?.size ?? 0, limits.sendsPerPhoneAndDay);
