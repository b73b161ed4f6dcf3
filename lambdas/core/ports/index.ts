import type { Keys } from '../crypto/keyring.ts';
import type { CodeKey, IdentityTags, ProofKey, SealKey, SessionKey, Tags } from '../crypto/keys.ts';
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
import type { PublicKeyStore } from './public-key-store.ts';
import type { RetryQueue } from './retry-queue.ts';
import type { SessionStore } from './session-store.ts';
import type { SmsRoutes } from './sms.ts';
import type { SpendStore } from './spend-store.ts';

/** All ports of the core. A use case takes only the ports that it uses: `Pick<Ports, 'clock' | …>`. */
export interface Ports {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly tags: Tags;
  readonly identityTags: IdentityTags;
  readonly codeKeys: Keys<CodeKey>;
  readonly sessionKeys: Keys<SessionKey>;
  readonly phoneSealKeys: Keys<SealKey>;
  readonly usernameSealKeys: Keys<SealKey>;
  readonly sealKeys: Keys<SealKey>;
  readonly proofSigningKeys: Keys<ProofKey>;
  readonly publicKeys: PublicKeyStore;
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
  /** Prices and budgets of SMS. */
  readonly spending: Spending;
  /** The host to which an SMS binds its code. */
  readonly portalHost: string;
  /** Phone numbers of app store reviewers. Mostly empty. */
  readonly reviewNumbers: readonly ReviewNumber[];
  /** Version of the current terms of use. */
  readonly termsVersion: string;
}
