import type { Keys } from '../crypto/keyring.ts';
import type { Limits } from '../model/limits.ts';
import type { ReviewNumber } from '../model/review-number.ts';
import type { SessionLimits } from '../model/session.ts';
import type { Spending } from '../model/spending.ts';
import type { Clock, Entropy } from '../system.ts';
import type { AccountStore } from './account-store.ts';
import type { BreakerStore } from './breaker-store.ts';
import type { ChallengeStore } from './challenge-store.ts';
import type { DeviceStore } from './device-store.ts';
import type { DirectoryTokens } from './directory-tokens.ts';
import type { DirectoryUsers } from './directory-users.ts';
import type { EventStore } from './event-store.ts';
import type { LedgerStore } from './ledger-store.ts';
import type { NoticeStore } from './notice-store.ts';
import type { RetryQueue } from './retry-queue.ts';
import type { SessionStore } from './session-store.ts';
import type { SmsRoutes } from './sms.ts';
import type { SpendStore } from './spend-store.ts';

/** Everything the rules need from outside. A use case takes the part it uses: `Pick<Ports, 'clock' | …>`. */
export interface Ports {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly keys: Keys;
  readonly limits: Limits;
  readonly sessionLimits: SessionLimits;
  readonly challenges: ChallengeStore;
  readonly notices: NoticeStore;
  readonly ledgers: LedgerStore;
  readonly accounts: AccountStore;
  readonly directoryUsers: DirectoryUsers;
  readonly directoryTokens: DirectoryTokens;
  readonly sessionStore: SessionStore;
  readonly devices: DeviceStore;
  readonly events: EventStore;
  readonly sms: SmsRoutes;
  readonly retries: RetryQueue;
  readonly spendings: SpendStore;
  readonly breakers: BreakerStore;
  /** What SMS may cost. */
  readonly spending: Spending;
  /** Host the SMS binds its code to. */
  readonly portalHost: string;
  /** Numbers of those who review apps for their stores; mostly none. */
  readonly reviewNumbers: readonly ReviewNumber[];
  readonly termsVersion: string;
}
