import { unseal } from '../crypto/seal.ts';
import { type Account, type AccountView, identityContext } from '../model/account.ts';
import { openPhone } from '../model/sealed-phone.ts';
import type { Ports } from '../ports/index.ts';
import { maskPhone } from '../values/phone.ts';

/**
 * An account as its owner sees it: phone and national ID masked, and whether newer terms wait.
 * @param username from the request, because the account holds only its tag
 */
export const viewAccount =
  ({
    phoneSealKeys,
    sealKeys,
    termsVersion: current,
  }: Pick<Ports, 'phoneSealKeys' | 'sealKeys' | 'termsVersion'>) =>
  async (account: Account, username: string): Promise<AccountView> => {
    const { nationalId, identityTag, termsVersion } = account;
    const { audience, identityAssurance, createdAt } = account;
    return {
      username,
      audience,
      identityAssurance,
      createdAt,
      phone: maskPhone(await openPhone(phoneSealKeys, account, createdAt)),
      nationalId: await unseal(sealKeys, identityContext(identityTag), nationalId, createdAt),
      termsVersion,
      termsOutdated: termsVersion !== current,
      secondFactors: {
        totp: account.totp !== undefined,
        recoveryCodesLeft: account.recoveryCodes?.length ?? 0,
      },
    };
  };
