/**
 * The slots of accounts on one phone: for each slot, the instant at which it lapses. The key is the hash of the challenge
 * that took the slot, so one ticket takes one slot, whatever username it ends up with. Epoch seconds; 0 never lapses.
 */
export type PhoneSlots = Readonly<Record<string, number>>;

/** The answer where a phone has as many accounts as it may have. */
export interface PhoneFull {
  readonly kind: 'phone-full';
  readonly slots: PhoneSlots;
}

/** The slots of registrations that never finished. @param now epoch seconds */
export function lapsedSlots(slots: PhoneSlots, now: number): PhoneSlots {
  const lapsed = Object.entries(slots).filter(([, lapsesAt]) => lapsesAt > 0 && lapsesAt <= now);
  return Object.fromEntries(lapsed);
}
