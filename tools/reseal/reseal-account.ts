import type { Keyring } from '#core/crypto/keyring.ts';
import type { SealKey } from '#core/crypto/keys.ts';
import { seal, unseal, versionOf } from '#core/crypto/seal.ts';
import { type Account, identityContext, totpContext } from '#core/model/account.ts';
import { phoneContext } from '#core/model/sealed-phone.ts';
import { accountUsernameContext } from '#core/model/sealed-username.ts';
import type { Entropy } from '#core/system.ts';

/** The keys of the three purposes that seal what accounts hold. */
export interface AccountSealKeys {
  readonly phoneSeals: Keyring<SealKey>;
  readonly usernameSeals: Keyring<SealKey>;
  readonly seals: Keyring<SealKey>;
}

/** A seal of an account, where it stands and what it is bound to. */
export interface AccountSeal {
  /** `phone`, or `totp.secret` inside a map. */
  readonly path: string;
  readonly sealed: string;
  readonly context: string;
  /** Epoch seconds, the same instant that the functions open it with. */
  readonly madeAt: number;
  readonly keyring: Keyring<SealKey>;
}

/** A seal that replaces another. */
export interface SealChange {
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

/** Every seal that an account holds. */
export function sealsOf(
  account: Account,
  { phoneSeals, usernameSeals, seals }: AccountSealKeys,
): AccountSeal[] {
  const { createdAt, phone, phoneTag, formerPhone, formerPhoneTag, totp } = account;
  const phoneSeal = (path: string, sealed: string, tag: string): AccountSeal => ({
    path,
    sealed,
    context: phoneContext(tag),
    madeAt: createdAt,
    keyring: phoneSeals,
  });
  const found = [
    phoneSeal('phone', phone, phoneTag),
    {
      path: 'nationalId',
      sealed: account.nationalId,
      context: identityContext(account.identityTag),
      madeAt: createdAt,
      keyring: seals,
    },
  ];
  if (formerPhone !== undefined && formerPhoneTag !== undefined) {
    found.push(phoneSeal('formerPhone', formerPhone, formerPhoneTag));
  }
  if (account.username !== undefined) {
    found.push({
      path: 'username',
      sealed: account.username,
      context: accountUsernameContext(account.usernameTag),
      madeAt: createdAt,
      keyring: usernameSeals,
    });
  }
  if (totp) {
    found.push({
      path: 'totp.secret',
      sealed: totp.secret,
      context: totpContext(account.usernameTag),
      madeAt: totp.confirmedAt,
      keyring: seals,
    });
  }
  return found;
}

const isOld = ({ sealed, keyring }: AccountSeal): boolean =>
  versionOf(sealed) < keyring.current.version;

/** Tells whether an account holds a seal of a version before the current one. */
export const holdsOldSeals = (account: Account, keys: AccountSealKeys): boolean =>
  sealsOf(account, keys).some(isOld);

/**
 * Seals anew what older versions sealed. It opens a seal as the functions do, so a forgery that they refuse stays one.
 * @returns no change where every seal is of the current version
 * @throws Error if a seal does not open
 */
export async function resealAccount(
  account: Account,
  keys: AccountSealKeys,
  entropy: Entropy,
): Promise<SealChange[]> {
  const old = sealsOf(account, keys).filter(isOld);
  return Promise.all(
    old.map(async ({ path, sealed, context, madeAt, keyring }) => {
      const text = await unseal(async () => keyring, context, sealed, madeAt);
      return { path, from: sealed, to: seal(keyring.current, entropy, context, text) };
    }),
  );
}
