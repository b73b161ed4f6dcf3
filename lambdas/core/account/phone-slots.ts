import { lapsedPlaces, type Places } from '../model/phone-slots.ts';
import type { Ports } from '../ports/index.ts';

/**
 * Takes a place on a phone, and once more where it is full of registrations that died: their places are nobody's and
 * are cleared away first.
 */
export async function takePlace<Result extends { readonly kind: string }>(
  { accounts, clock }: Pick<Ports, 'accounts' | 'clock'>,
  phoneTag: string,
  take: () => Promise<Result | { readonly kind: 'phone-full'; readonly places: Places }>,
): Promise<Result | { readonly kind: 'phone-full'; readonly places: Places }> {
  const result = await take();
  if (!('places' in result)) return result;
  const lapsed = lapsedPlaces(result.places, clock());
  if (Object.keys(lapsed).length === 0) return result;
  await accounts.prunePlaces(phoneTag, lapsed);
  return take();
}
