import type { Keyring } from '#core/crypto/keyring.ts';
import { levelOf, levelsOf, type VersionedKey } from '#core/crypto/keys.ts';
import { seal, unseal } from '#core/crypto/seal.ts';
import type { Account } from '#core/model/account.ts';
import type { Entropy } from '#core/system.ts';
import { type AccountSealKeys, sealsOf } from '../reseal/reseal-account.ts';

/** The keys that a move to newer tags takes. The seals are bound to tags, so they are made anew. */
export interface RetagKeys extends AccountSealKeys {
  readonly tags: Keyring<VersionedKey>;
  /** None where KMS has the key: KMS does not rotate it, so those tags have one level. */
  readonly identityTags: Keyring<VersionedKey> | undefined;
}

/**
 * Seconds after a level began in which people may still write tags of the former one: what they started before lasts for
 * twenty minutes.
 */
export const settleSeconds = 1800;

/** Wraps a stored tag to the newest level that has begun. */
export const newestTag = (keys: Keyring<VersionedKey> | undefined, tag: string): string =>
  keys ? levelsOf(keys).newest(tag) : tag;

/** Tells whether a stored tag is of a level before the newest. */
export const isOldTag = (keys: Keyring<VersionedKey> | undefined, tag: string): boolean =>
  keys !== undefined && levelOf(tag) < keys.current.version;

/** Tells whether an account holds a tag of a former level. */
export function holdsOldTags(account: Account, { tags, identityTags }: RetagKeys): boolean {
  const { usernameTag, phoneTag, formerPhoneTag, resetFrom, recoveryCodes = [] } = account;
  const held = [usernameTag, phoneTag, formerPhoneTag, resetFrom, ...recoveryCodes];
  const isOld = held.some((tag) => tag !== undefined && isOldTag(tags, tag));
  return isOld || isOldTag(identityTags, account.identityTag);
}

/**
 * The account under its newest tags, with its seals bound to them. Nothing else changes.
 * @throws Error if a seal does not open
 */
export async function retagAccount(
  account: Account,
  keys: RetagKeys,
  entropy: Entropy,
): Promise<Account> {
  const newest = (tag: string) => newestTag(keys.tags, tag);
  const { formerPhoneTag, resetFrom, recoveryCodes } = account;
  const tagged: Account = {
    ...account,
    usernameTag: newest(account.usernameTag),
    identityTag: newestTag(keys.identityTags, account.identityTag),
    phoneTag: newest(account.phoneTag),
    ...(formerPhoneTag !== undefined && { formerPhoneTag: newest(formerPhoneTag) }),
    ...(resetFrom !== undefined && { resetFrom: newest(resetFrom) }),
    ...(recoveryCodes && { recoveryCodes: recoveryCodes.map(newest) }),
  };
  const contexts = new Map(sealsOf(tagged, keys).map(({ path, context }) => [path, context]));
  const bound = new Map<string, string>();
  for (const { path, sealed, context: former, madeAt, keyring } of sealsOf(account, keys)) {
    const context = contexts.get(path) ?? former;
    if (context === former) continue;
    const text = await unseal(async () => keyring, former, sealed, madeAt);
    bound.set(path, seal(keyring.current, entropy, context, text));
  }
  const { totp } = tagged;
  const secret = bound.get('totp.secret');
  const formerPhone = bound.get('formerPhone');
  const username = bound.get('username');
  return {
    ...tagged,
    phone: bound.get('phone') ?? tagged.phone,
    nationalId: bound.get('nationalId') ?? tagged.nationalId,
    ...(formerPhone !== undefined && { formerPhone }),
    ...(username !== undefined && { username }),
    ...(totp && secret !== undefined && { totp: { ...totp, secret } }),
  };
}
