import { type Challenge, sendKey } from '../model/challenge.ts';
import type { Charge } from '../model/ledger.ts';
import { hasDecoys } from '../model/purpose.ts';
import type { Ports } from '../ports/index.ts';

type Needs = Pick<Ports, 'limits' | 'ledgers'>;

/*
 * Anybody who names an account can have codes sent to its phone, and several accounts may share one phone. Requests charge
 * these sends by account and tell nothing of a phone. So the cap of a phone has no answer either: only the sender counts it.
 */

/**
 * Charges a send to its phone, when the sender is about to text it. A send has a name: the stream may deliver it again, and
 * each retry passes here too. One AWS call for a purpose that has decoys, none for others.
 * @returns false if the phone got as many such codes as it may get
 */
export const chargeNamedSend =
  ({ limits, ledgers }: Needs) =>
  async (challenge: Challenge, sendNumber: number): Promise<boolean> => {
    const charge = chargeOf(challenge, limits);
    if (!charge) return true;
    const at = sentAt(challenge, sendNumber);
    const { kind } = await ledgers.chargeOnce(charge, nameOf(challenge, sendNumber), at);
    return kind === 'charged';
  };

/**
 * Returns the unit of a send that texted nobody, or whose code was verified. No answer shows this unit, so a return reveals
 * nothing. Call it after that is written down. One AWS call for a purpose that has decoys, none for others.
 */
export const returnNamedSend =
  ({ limits, ledgers }: Needs) =>
  async (challenge: Challenge, sendNumber: number): Promise<void> => {
    const charge = chargeOf(challenge, limits);
    if (!charge) return;
    const at = sentAt(challenge, sendNumber);
    await ledgers.returnNamed(charge, nameOf(challenge, sendNumber), at);
  };

function chargeOf({ purpose, phoneTag }: Challenge, limits: Needs['limits']): Charge | undefined {
  if (!hasDecoys(purpose)) return undefined;
  const scope = purpose === 'password-reset' ? 'resets-to-phone' : 'phone-first-to-phone';
  return {
    ledger: { scope, tag: phoneTag },
    counts: 'uses',
    budgets: {
      usesPerPart: limits.resetsPerPhoneAndHour,
      usesPerWindow: limits.resetsPerPhoneAndDay,
    },
  };
}

const nameOf = ({ idHash }: Challenge, sendNumber: number) => `${idHash}.${sendNumber}`;

/** Epoch seconds of the request for a send: the same whenever it is delivered. */
const sentAt = ({ createdAt, sentAt }: Challenge, sendNumber: number): number =>
  sentAt[sendKey(sendNumber)] ?? createdAt;
