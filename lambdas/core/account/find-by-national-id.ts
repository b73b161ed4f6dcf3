import { equalSecrets } from '../crypto/equal.ts';
import type { IdentityTag } from '../crypto/keys.ts';
import type { Account } from '../model/account.ts';
import type { Ports } from '../ports/index.ts';

type Needs = Pick<Ports, 'accounts' | 'tags'>;

/**
 * Finds the account of a national ID. Two AWS calls in sequence; while a rotation runs, one more for each further level of
 * either tag. An ID that nobody has takes as many: the account of a made-up tag is read for it.
 *
 * Items move to newer levels only, so the older ones are read first (`find-account.ts`).
 */
export const findByNationalId =
  ({ accounts, tags }: Needs) =>
  async ({ newest, every }: IdentityTag): Promise<Account | undefined> => {
    const { everyTag, laterTags } = await tags();
    let usernameTag: string | undefined;
    for (const identityTag of every) {
      usernameTag = (await accounts.usernameTagOf(identityTag)) ?? usernameTag;
    }
    const madeUp = everyTag('decoy', newest);
    const places = usernameTag === undefined ? madeUp : laterTags(usernameTag);
    let found: Account | undefined;
    for (const place of [...places, ...madeUp].slice(0, madeUp.length)) {
      found = (await accounts.find(place)) ?? found;
    }
    return found && isOf(found, every) ? found : undefined;
  };

/** The two items are read one after the other: in between, the ID may have been given up and claimed again. */
const isOf = ({ identityTag }: Account, every: readonly string[]): boolean =>
  every.some((tag) => equalSecrets(identityTag, tag));
