import type { Keys } from '../crypto/keyring.ts';
import type { SealKey } from '../crypto/keys.ts';
import { seal, unseal } from '../crypto/seal.ts';
import type { Entropy } from '../system.ts';
import { isMaskedUsername, maskUsername } from '../values/masked-username.ts';

/*
 * The masked username of an SMS to a phone that several accounts share (docs/decisions/0055). It is sealed as the phone is,
 * for the same reader: the sender of that SMS, who learns no more of the name than the SMS says.
 */

const shownNameContext = (phoneTag: string) => `shown-name:${phoneTag}`;

/** Seals the mask of a username for an SMS to a phone. @param username in lower case */
export const sealShownName = (
  phoneSealKey: SealKey,
  entropy: Entropy,
  phoneTag: string,
  username: string,
): string => seal(phoneSealKey, entropy, shownNameContext(phoneTag), maskUsername(username));

interface NamedSms {
  readonly shownName?: string | undefined;
  readonly phoneTag: string;
  /** Epoch seconds. */
  readonly createdAt: number;
}

/**
 * Opens it. A function that was taken over can seal any text, so what is not the mask of a name is nothing.
 * @returns undefined also where it does not open: an SMS without a name is better than none
 */
export async function openShownName(
  phoneSealKeys: Keys<SealKey>,
  { shownName, phoneTag, createdAt }: NamedSms,
): Promise<string | undefined> {
  if (shownName === undefined) return undefined;
  await phoneSealKeys();
  const name = await unseal(phoneSealKeys, shownNameContext(phoneTag), shownName, createdAt).catch(
    () => '',
  );
  return isMaskedUsername(name) ? name : undefined;
}
