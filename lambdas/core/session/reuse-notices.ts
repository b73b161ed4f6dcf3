import { findByTag } from '../account/find-account.ts';
import { notices } from '../audit/compose-records.ts';
import type { Account } from '../model/account.ts';
import { accountLedgerTag } from '../model/ledger.ts';
import type { Notice, Origin } from '../model/records.ts';
import type { Session } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import { isOpenTo } from './session-validity.ts';

export type ReuseNoticeNeeds = Pick<Ports, 'accounts' | 'clock' | 'entropy' | 'ledgers' | 'tags'>;

/** A day's notices of an account: without a limit, a subscriber could log in and replay for an SMS each time. */
const noticesPerDay = 3;

/**
 * Composes the notice to the owner of a session whose old refresh token was used. Only where network and device both
 * differ from those of the last use: a client that lost an answer comes back from the same device.
 * No AWS call where one of them is the same, otherwise two.
 */
export const reuseNotices =
  (ports: ReuseNoticeNeeds) =>
  async (session: Session, origin: Origin): Promise<Notice[]> => {
    if (!(await isElsewhere(ports, session, origin))) return [];
    const account = await findByTag(ports)(session.usernameTag);
    if (!isOpenTo(account, session.userId, session.createdAt, session.sessionId)) return [];
    return (await hasRoom(ports, account)) ? notices(ports, 'token-reused', account) : [];
  };

async function isElsewhere(
  { tags }: ReuseNoticeNeeds,
  { usedFrom }: Session,
  { device, addressTag }: Origin,
): Promise<boolean> {
  return usedFrom.device !== device && !(await tags()).isSame(usedFrom.addressTag, addressTag);
}

async function hasRoom(
  { clock, ledgers, tags }: ReuseNoticeNeeds,
  account: Account,
): Promise<boolean> {
  const ledger = { scope: 'reuse-notice', tag: accountLedgerTag(await tags(), account) } as const;
  const budgets = { usesPerWindow: noticesPerDay };
  const { kind } = await ledgers.charge({ ledger, counts: 'uses', budgets }, clock());
  return kind !== 'refused';
}
