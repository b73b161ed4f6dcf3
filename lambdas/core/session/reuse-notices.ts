import { findByTag } from '../account/find-account.ts';
import { notices } from '../audit/compose-records.ts';
import type { Account } from '../model/account.ts';
import { accountLedgerTag, type Charge, type ChargedUnit } from '../model/ledger.ts';
import type { Notice, Origin } from '../model/records.ts';
import type { Session } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import { isOpenTo } from './session-validity.ts';

export type ReuseNoticeNeeds = Pick<Ports, 'accounts' | 'clock' | 'entropy' | 'tags'>;

/** A day's notices of an account: without a limit, a subscriber could log in and replay for an SMS each time. */
const noticesPerDay = 3;

interface ReuseNotice {
  readonly notices: Notice[];
  /** Charged in the transaction that ends the session, so that of parallel replays one is charged. */
  readonly noticeCharge: ChargedUnit;
}

/**
 * Composes the notice to the owner of a session whose old refresh token was used. Only where network and device both
 * differ from those of the last use: a client that lost an answer comes back from the same device.
 * No AWS call where one of them is the same, otherwise one.
 * @returns undefined where nobody is told
 */
export const reuseNotice =
  (ports: ReuseNoticeNeeds) =>
  async (session: Session, origin: Origin): Promise<ReuseNotice | undefined> => {
    if (!(await isElsewhere(ports, session, origin))) return undefined;
    const account = await findByTag(ports)(session.usernameTag);
    if (!isOpenTo(account, session.userId, session.createdAt, session.sessionId)) return undefined;
    return {
      notices: notices(ports, 'token-reused', account),
      noticeCharge: { charge: await chargeOf(ports, account), at: ports.clock() },
    };
  };

async function isElsewhere(
  { tags }: ReuseNoticeNeeds,
  { usedFrom }: Session,
  { device, addressTag }: Origin,
): Promise<boolean> {
  return usedFrom.device !== device && !(await tags()).isSame(usedFrom.addressTag, addressTag);
}

const chargeOf = async ({ tags }: ReuseNoticeNeeds, account: Account): Promise<Charge> => ({
  ledger: { scope: 'reuse-notice', tag: accountLedgerTag(await tags(), account) },
  counts: 'uses',
  budgets: { usesPerWindow: noticesPerDay },
});
