import type { Notice } from '../model/records.ts';
import type { Ports } from '../ports/index.ts';

/*
 * Reminders of a username. No answer shows these ledgers: a full one looks like success, because its refusal would tell that
 * somebody has asked for this pair before.
 */

/** A person who deletes the SMS can have another one. */
const perPair = { usesPerPart: 1, usesPerWindow: 2 };
/** Several accounts may share a phone, and each has a pair of its own. */
const perPhone = { usesPerPart: 3, usesPerWindow: 6 };

/**
 * Charges a reminder to the pair of national ID and phone that was typed, whether or not both belong together. One AWS call.
 * @param now epoch seconds
 * @returns false if this pair has had its reminders
 */
export const chargeReminder =
  ({ ledgers }: Pick<Ports, 'ledgers'>) =>
  async (pairTag: string, now: number): Promise<boolean> => {
    const ledger = { scope: 'username-reminders', tag: pairTag } as const;
    const { kind } = await ledgers.charge({ ledger, counts: 'uses', budgets: perPair }, now);
    return kind === 'charged';
  };

/**
 * Charges a reminder to its phone, when the sender is about to text it. The charge has the notice's name: the stream may
 * deliver it again, and each retry passes here too. One AWS call for a reminder, none for other notices.
 * @returns false if the phone has had its reminders
 */
export const chargeReminderToPhone =
  ({ ledgers }: Pick<Ports, 'ledgers'>) =>
  async ({ kind, id, phoneTag, createdAt }: Notice): Promise<boolean> => {
    if (kind !== 'username-reminder') return true;
    const ledger = { scope: 'reminders-to-phone', tag: phoneTag } as const;
    const charge = { ledger, counts: 'uses', budgets: perPhone } as const;
    return (await ledgers.chargeOnce(charge, id, createdAt)).kind === 'charged';
  };
