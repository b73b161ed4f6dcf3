import type { Account } from '#core/model/account.ts';

/** Whether the sessions of an account are as valid as when the account was read. */
export const hasSameSessions = (
  found: Account,
  read: Pick<Account, 'sessionsValidFrom' | 'exceptSession'>,
): boolean =>
  found.sessionsValidFrom === read.sessionsValidFrom && found.exceptSession === read.exceptSession;
