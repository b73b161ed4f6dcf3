import type { Keys } from '../crypto/keyring.ts';
import type { SealKey, Tagger } from '../crypto/keys.ts';
import { seal, unseal } from '../crypto/seal.ts';
import type { Entropy } from '../system.ts';
import type { Account } from './account.ts';

/** The seal is bound to the username's tag: it does not open in another account. */
export const accountUsernameContext = (usernameTag: string) => `account-username:${usernameTag}`;

/** @param username in lower case */
export const sealUsername = (
  key: SealKey,
  entropy: Entropy,
  usernameTag: string,
  username: string,
): string => seal(key, entropy, accountUsernameContext(usernameTag), username);

/**
 * Opens the username of an account. A function that was taken over can seal any name for any account, so the tag is
 * computed again.
 * @returns undefined for an account that was opened before usernames were kept, and for a name that is not the account's
 * @throws Error as {@link unseal}
 */
export async function openUsername(
  usernameSealKeys: Keys<SealKey>,
  tagger: Tagger,
  { username, usernameTag, createdAt }: Pick<Account, 'username' | 'usernameTag' | 'createdAt'>,
): Promise<string | undefined> {
  if (username === undefined) return undefined;
  const context = accountUsernameContext(usernameTag);
  const name = await unseal(usernameSealKeys, context, username, createdAt);
  return tagger.isSame(tagger.tag('username', name), usernameTag) ? name : undefined;
}
