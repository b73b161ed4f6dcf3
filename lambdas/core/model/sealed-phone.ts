import type { Keys } from '../crypto/keyring.ts';
import type { SealKey, Tagger } from '../crypto/keys.ts';
import { seal, unseal } from '../crypto/seal.ts';
import type { Entropy } from '../system.ts';

/** A phone as the table holds it. */
export interface SealedPhone {
  /** Sealed E.164 number, context `phone:<phoneTag>`. */
  readonly phone: string;
  readonly phoneTag: string;
}

/** The seal is bound to the phone's tag: it can move from account to challenge, but not to another phone. */
export const phoneContext = (phoneTag: string) => `phone:${phoneTag}`;

/** @param phone E.164 */
export const sealPhone = (
  key: SealKey,
  entropy: Entropy,
  phoneTag: string,
  phone: string,
): SealedPhone => ({ phone: seal(key, entropy, phoneContext(phoneTag), phone), phoneTag });

/**
 * @param madeAt epoch seconds: when the item of the seal was made
 * @returns E.164
 * @throws Error as {@link unseal}
 */
export const openPhone = (
  phoneSealKeys: Keys<SealKey>,
  { phone, phoneTag }: SealedPhone,
  madeAt: number,
): Promise<string> => unseal(phoneSealKeys, phoneContext(phoneTag), phone, madeAt);

/**
 * Tells whether a phone is the one that its tag names. A function that was taken over can seal any number under any tag,
 * so the tag is computed again before an SMS goes out and before an account gets the phone.
 * A tag of any level will do.
 * @param phone E.164
 */
export const isTagOf = (tagger: Tagger, phoneTag: string, phone: string): boolean =>
  tagger.isSame(tagger.tag('phone', phone), phoneTag);
