/**
 * The taken slots of a phone: from the hash of the challenge that took a slot to its lapse in epoch seconds. 0 never
 * lapses. The challenge is the key, so that one ticket takes one slot, also if its registration tries several usernames.
 */
export type PhoneSlots = Readonly<Record<string, number>>;

/** The slots of registrations that did not finish in time. @param now epoch seconds */
export function lapsedSlots(slots: PhoneSlots, now: number): PhoneSlots {
  const lapsed = Object.entries(slots).filter(([, lapsesAt]) => lapsesAt > 0 && lapsesAt <= now);
  return Object.fromEntries(lapsed);
}
