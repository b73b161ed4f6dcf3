import { viewAccount } from '../account/view-account.ts';
import type { AccountView } from '../model/account.ts';
import { Problem } from '../model/problems.ts';
import type { Ports } from '../ports/index.ts';
import { isOpenTo } from '../session/session-validity.ts';

/**
 * The account of whoever holds the access token, phone and national ID masked. One AWS call.
 * @param subject the token's `username` and `sub`: both must fit; and `auth_time`, which a reset makes too old
 * @throws Problem unauthenticated where there is no such account (any more), or not for this sign-in
 */
export const readAccount =
  (ports: Pick<Ports, 'keys' | 'accounts' | 'termsVersion'>) =>
  async (subject: {
    readonly username: string;
    readonly userId: string;
    readonly signedInAt: number;
    readonly sessionId: string;
  }): Promise<AccountView> => {
    const keyring = await ports.keys();
    const account = await ports.accounts.find(keyring.tag('username', subject.username));
    const { userId, signedInAt, sessionId } = subject;
    if (!isOpenTo(account, userId, signedInAt, sessionId)) {
      throw new Problem('unauthenticated');
    }
    return viewAccount(ports)(account, subject.username);
  };
