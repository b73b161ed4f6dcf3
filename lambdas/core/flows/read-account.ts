import { type AccountView, identityContext } from '../account.ts';
import { unseal } from '../crypto/seal.ts';
import { phoneContext } from '../engine/challenge.ts';
import type { Ports } from '../ports.ts';
import { Problem } from '../problems.ts';
import { maskPhone } from '../values/phone.ts';

/**
 * The account of whoever holds the access token, phone and national ID masked. One AWS call.
 * @param subject the token's `username` and `sub`. Both must fit: a username can be given up and taken by
 *   somebody else while a token of the first owner still lives.
 * @throws Problem unauthenticated where there is no such account (any more)
 */
export const readAccount =
  ({ keys, accounts }: Pick<Ports, 'keys' | 'accounts'>) =>
  async (subject: { readonly username: string; readonly userId: string }): Promise<AccountView> => {
    const keyring = await keys();
    const account = await accounts.find(keyring.tag('username', subject.username));
    if (account?.status !== 'active' || account.userId !== subject.userId) {
      throw new Problem('unauthenticated');
    }
    const { phone, phoneTag, nationalId, identityTag } = account;
    const { audience, identityAssurance, createdAt } = account;
    return {
      ...{ username: subject.username, audience, identityAssurance, createdAt },
      phone: maskPhone(await unseal(keys, phoneContext(phoneTag), phone)),
      nationalId: await unseal(keys, identityContext(identityTag), nationalId),
    };
  };
