import type { Account } from '#core/model/account.ts';

/** What must not have changed between the reading of an account and a write that relies on it. */
export type Standing = Pick<Account, 'status' | 'userId' | 'sessionsValidFrom' | 'exceptSession'>;

/**
 * The stamp repeats in one attribute whose account it is, whether it is open, and which of its sessions are valid. Every
 * write that changes one of these writes the stamp too.
 *
 * IAM does not distinguish comparing an attribute from writing it. A role that may only change second factors compares the
 * stamp, and so cannot write the status, the user or the validity of sessions (docs/decisions/0030).
 */
export const stampOf = ({ status, userId, sessionsValidFrom, exceptSession }: Standing): string =>
  [status, userId ?? '', sessionsValidFrom ?? '', exceptSession ?? ''].join('.');

/**
 * The account is as it was read. Otherwise a session's request could take effect after a password reset that overtook it:
 * the reset would have told the owner that the account is theirs again.
 */
export const AS_READ = 'stamp = :stampAsRead';
