import { type Challenge, sendKey } from '../model/challenge.ts';
import type { Charge } from '../model/ledger.ts';
import type { Ports } from '../ports/index.ts';

type Needs = Pick<Ports, 'limits' | 'ledgers'>;

/**
 * Charges a send of a reset to its phone, when the sender is about to text it. Requests charge resets by account and tell
 * nothing of a phone, so this cap has no answer either. A send has a name: the stream may deliver it again, and each retry
 * passes here too. One AWS call for a reset, none for other purposes.
 * @returns false if the phone got as many codes of resets as it may get
 */
export const chargeResetToPhone =
  ({ limits, ledgers }: Needs) =>
  async (challenge: Challenge, sendNumber: number): Promise<boolean> => {
    if (challenge.purpose !== 'password-reset') return true;
    const at = sentAt(challenge, sendNumber);
    const name = nameOf(challenge, sendNumber);
    const { kind } = await ledgers.chargeOnce(chargeOf(challenge, limits), name, at);
    return kind === 'charged';
  };

/**
 * Returns the unit of a send that texted nobody, or whose code was verified. No answer shows this unit, so a return reveals
 * nothing. Call it after that is written down. One AWS call for a reset, none for other purposes.
 */
export const returnResetToPhone =
  ({ limits, ledgers }: Needs) =>
  async (challenge: Challenge, sendNumber: number): Promise<void> => {
    if (challenge.purpose !== 'password-reset') return;
    const at = sentAt(challenge, sendNumber);
    await ledgers.returnNamed(chargeOf(challenge, limits), nameOf(challenge, sendNumber), at);
  };

const chargeOf = ({ phoneTag }: Challenge, limits: Needs['limits']): Charge => ({
  ledger: { scope: 'resets-to-phone', tag: phoneTag },
  counts: 'uses',
  budgets: {
    usesPerPart: limits.resetsPerPhoneAndHour,
    usesPerWindow: limits.resetsPerPhoneAndDay,
  },
});

const nameOf = ({ idHash }: Challenge, sendNumber: number) => `${idHash}.${sendNumber}`;

/** Epoch seconds of the request for a send: the same whenever it is delivered. */
const sentAt = ({ createdAt, sentAt }: Challenge, sendNumber: number): number =>
  sentAt[sendKey(sendNumber)] ?? createdAt;
