import { confirmPassword } from '../account/confirm-password.ts';
import type { Account } from '../model/account.ts';
import type { Origin } from '../model/records.ts';
import type { SessionSubject } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import { requireSession } from './require-session.ts';

type Needs = Pick<
  Ports,
  'accounts' | 'clock' | 'directoryTokens' | 'ledgers' | 'sessionLimits' | 'sessionStore' | 'tags'
>;

export interface FactorRequest {
  readonly subject: SessionSubject;
  readonly origin: Origin;
}

/**
 * A request that carries the password: an unattended session must not be enough to change what
 * protects the account.
 */
export interface ConfirmedRequest extends FactorRequest {
  readonly currentPassword: string;
}

export async function confirmedAccount(
  ports: Needs,
  subject: SessionSubject,
  currentPassword: string,
): Promise<Account> {
  const { account } = await requireSession(ports)(subject);
  await confirmPassword(ports)(account, subject.username, currentPassword);
  return account;
}
