import { lapsedSlots, type PhoneSlots } from '../model/phone-slots.ts';
import type { Ports } from '../ports/index.ts';

/**
 * Takes a place on a phone, and once more where it is full of registrations that died: their places are nobody's and
 * are cleared away first.
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
