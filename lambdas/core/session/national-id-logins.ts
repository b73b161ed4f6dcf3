import type { LoginName } from '../account/find-login.ts';
import {
  type GuessMetrics,
  guessedUntil,
  nationalIdLogins,
  recordGuessAt,
} from '../budgets/guess-breaker.ts';
import type { Account } from '../model/account.ts';
import { Problem } from '../model/problems.ts';
import type { Ports } from '../ports/index.ts';
import { isRecognised } from './recognition.ts';

/*
 * National IDs can be counted through, usernames cannot. So failed logins with an ID have a budget of all of Hawiya, as
 * wrong codes have (docs/decisions/0016). While it is used up, an ID logs in on recognised browsers only. A username works
 * as ever (docs/decisions/0052).
 */

type Needs = Pick<Ports, 'clock' | 'limits' | 'breakers' | 'ledgers' | 'sessionKeys'> & {
  readonly guessMetrics?: GuessMetrics;
};

/**
 * Refuses an ID while too many logins with IDs fail. The refusal comes before the password is judged, and is the same for an
 * ID that nobody has: it tells of the day, and of no person.
 * A breaker is read every ten seconds at most.
 * @param recognition what the client kept of earlier logins
 * @throws Problem too_many_requests
 */
export async function requireNationalIdLogins(
  ports: Needs,
  { kind }: Pick<LoginName, 'kind'>,
  account: Account | undefined,
  recognition: string | undefined,
): Promise<void> {
  if (kind === 'username') return;
  const wait = (await guessedUntil(ports)(nationalIdLogins)) - ports.clock();
  const userId = account?.userId;
  const known =
    userId !== undefined && (await isRecognised(ports)(recognition, account as Account, userId));
  if (wait <= 0 || known) return;
  throw new Problem('too_many_requests', { retryAfter: wait, limit: 'national-id' });
}

/** Counts a failed login with an ID. A failed count does not fail the answer. One AWS call. */
export async function recordFailedLogin(
  ports: Needs,
  { kind }: Pick<LoginName, 'kind'>,
): Promise<void> {
  if (kind === 'national-id') await recordGuessAt(ports)(nationalIdLogins, ports.clock());
}
