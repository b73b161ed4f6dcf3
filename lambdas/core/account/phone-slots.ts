import { lapsedSlots, type PhoneFull } from '../model/phone-slots.ts';
import type { Ports } from '../ports/index.ts';

/**
 * Takes an account's slot on a phone. If the phone is full, the lapsed slots of unfinished
 * registrations are removed, and `take` is called once more.
 * @param take the write that takes the slot
 * @returns the result of the last `take`
 */
export async function takeSlot<Taken extends { readonly kind: string }>(
  { accounts, clock }: Pick<Ports, 'accounts' | 'clock'>,
  phoneTag: string,
  take: () => Promise<Taken | PhoneFull>,
): Promise<Taken | PhoneFull> {
  const result = await take();
  if (!isPhoneFull(result)) return result;
  const lapsed = lapsedSlots(result.slots, clock());
  if (Object.keys(lapsed).length === 0) return result;
  await accounts.pruneSlots(phoneTag, lapsed);
  return take();
}

const isPhoneFull = (result: { readonly kind: string }): result is PhoneFull =>
  result.kind === 'phone-full';
