import type { AccountView } from '../account.ts';
import { isOpenTo } from '../engine/live-session.ts';
import { viewAccount } from '../engine/view-account.ts';
import type { Ports } from '../ports.ts';
import { Problem } from '../problems.ts';

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
