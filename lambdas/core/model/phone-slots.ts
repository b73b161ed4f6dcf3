/**
 * Lapse of each place taken on a phone, by the challenge that took it: one ticket takes one place, whatever
 * username it ends up with. 0 never lapses.
 */
export type PhoneSlots = Readonly<Record<string, number>>;

/** Places of registrations that never finished. */
export function lapsedSlots(places: PhoneSlots, now: number): PhoneSlots {
  const lapsed = Object.entries(places).filter(([, lapsesAt]) => lapsesAt > 0 && lapsesAt <= now);
  return Object.fromEntries(lapsed);
}
