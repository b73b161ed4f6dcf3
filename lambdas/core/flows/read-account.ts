import { findByUsername } from '../account/find-account.ts';
import { viewAccount } from '../account/view-account.ts';
import type { AccountView } from '../model/account.ts';
import { Problem } from '../model/problems.ts';
import { told } from '../model/session-end.ts';
import type { Ports } from '../ports/index.ts';
import { closedBy, isOpenTo } from '../session/session-validity.ts';

/**
 * The account of an access token, with phone and national ID masked. One AWS call, and one more while the
 * keys of tags rotate.
 * @param subject the token's `username`, `sub` and `auth_time`: the first two must match, and a
 *   reset makes an earlier sign-in invalid. `signedInAt`: epoch seconds
 * @throws Problem unauthenticated if the account no longer exists or does not accept this sign-in
 */
export const readAccount =
  (ports: Pick<Ports, 'phoneSealKeys' | 'sealKeys' | 'tags' | 'accounts' | 'termsVersion'>) =>
  async (subject: {
    readonly username: string;
    readonly userId: string;
    readonly signedInAt: number;
    readonly sessionId: string;
  }): Promise<AccountView> => {
    const account = await findByUsername(ports)(subject.username);
    const { userId, signedInAt, sessionId } = subject;
    if (!isOpenTo(account, userId, signedInAt, sessionId)) {
      throw new Problem('unauthenticated', told(closedBy(account, userId)));
    }
    return viewAccount(ports)(account, subject.username);
  };
