import type { Account } from '../model/account.ts';
import { openUsername, sealUsername } from '../model/sealed-username.ts';
import type { Ports } from '../ports/index.ts';

type Needs = Pick<Ports, 'clock' | 'entropy' | 'tags' | 'usernameSealKeys'>;

/**
 * Opens the username that an account keeps. One is sealed and opened where there is no account, too, so that both take as
 * long.
 * @param decoyTag tag of a made-up account
 * @returns undefined without an account, and for one that was opened before usernames were kept
 */
export const openKeptUsername =
  ({ clock, entropy, tags, usernameSealKeys }: Needs) =>
  async (account: Account | undefined, decoyTag: string): Promise<string | undefined> => {
    const [tagger, { current }] = [await tags(), await usernameSealKeys()];
    const sealed = sealUsername(current, entropy, decoyTag, decoyTag.slice(-12));
    const decoy = { usernameTag: decoyTag, username: sealed, createdAt: clock() };
    const username = await openUsername(usernameSealKeys, tagger, account ?? decoy);
    return account && username;
  };
