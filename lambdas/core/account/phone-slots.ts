import { lapsedSlots, type PhoneSlots } from '../model/phone-slots.ts';
import type { Ports } from '../ports/index.ts';

/**
 * Takes an account's slot on a phone. If the phone is full, the lapsed slots of unfinished
 * registrations are removed, and `take` is called once more.
 * @param take the write that takes the slot
 * @returns the result of the last `take`
 */
export async function takeSlot<Result extends { readonly kind: string }>(
  { accounts, clock }: Pick<Ports, 'accounts' | 'clock'>,
  phoneTag: string,
  take: () => Promise<Result | { readonly kind: 'phone-full'; readonly places: PhoneSlots }>,
): Promise<Result | { readonly kind: 'phone-full'; readonly places: PhoneSlots }> {
  const result = await take();
  if (!('places' in result)) return result;
  const lapsed = lapsedSlots(result.places, clock());
  if (Object.keys(lapsed).length === 0) return result;
  await accounts.pruneSlots(phoneTag, lapsed);
  return take();
}
