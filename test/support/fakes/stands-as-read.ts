import type { Account } from '#core/model/account.ts';

/** Whether sessions were not ended since an account was read. */
export const standsAsRead = (
  found: Account,
  read: Pick<Account, 'sessionsValidFrom' | 'exceptSession'>,
): boolean =>
  found.sessionsValidFrom === read.sessionsValidFrom && found.exceptSession === read.exceptSession;
