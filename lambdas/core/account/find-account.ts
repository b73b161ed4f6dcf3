import type { Account } from '../model/account.ts';
import type { Ports } from '../ports/index.ts';

type Needs = Pick<Ports, 'accounts' | 'tags'>;

/*
 * While the keys of tags rotate, an account stands under its former tag or under the new one (docs/decisions/0039). It
 * moves to newer tags only, so the older ones are read first: in parallel, a read of the new tag before the move and one of
 * the former tag after it would both miss.
 */

/**
 * Finds the account of a username. One AWS call; while a rotation runs, one for each level of tags, in sequence. A known
 * name takes as many as an unknown one.
 */
export const findByUsername =
  ({ accounts, tags }: Needs) =>
  async (username: string): Promise<Account | undefined> => {
    let found: Account | undefined;
    for (const usernameTag of (await tags()).everyTag('username', username)) {
      found = (await accounts.find(usernameTag)) ?? found;
    }
    return found;
  };

/**
 * Finds the account that a session or a challenge names by its tag of that time. One AWS call, and one more where the
 * account may have moved to a newer tag since.
 */
export const findByTag =
  ({ accounts, tags }: Needs) =>
  async (storedTag: string): Promise<Account | undefined> => {
    for (const usernameTag of (await tags()).laterTags(storedTag)) {
      const found = await accounts.find(usernameTag);
      if (found) return found;
    }
    return undefined;
  };
