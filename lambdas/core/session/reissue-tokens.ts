import { findByTag } from '../account/find-account.ts';
import type { Account } from '../model/account.ts';
import type { CodelessLogin } from '../model/challenge.ts';
import type { Session, SessionTokens } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import { openDirectoryToken } from './directory-token.ts';
import { sessionTokens } from './open-session.ts';
import { sessionLapse } from './session-validity.ts';

type Needs = Pick<
  Ports,
  | 'accounts'
  | 'clock'
  | 'sessionKeys'
  | 'sessionLimits'
  | 'sessionStore'
  | 'directoryTokens'
  | 'tags'
>;

/** A session that an earlier copy of the request opened, with the tokens for its answer. */
export interface ReissuedSession {
  readonly account: Account;
  readonly session: Session;
  readonly tokens: SessionTokens;
}

/**
 * Repeats the answer of a login whose answer was lost: the same session and the same refresh token.
 * Access and ID token are fresh, because the lost ones were stored nowhere. Three AWS calls, two in
 * sequence.
 * @returns undefined if the session is over or was refreshed
 */
export const reissueTokens =
  (ports: Needs) =>
  async ({
    accountTag,
    userId,
    sessionId,
  }: Pick<CodelessLogin, 'accountTag' | 'userId' | 'sessionId'>): Promise<
    ReissuedSession | undefined
  > => {
    if (userId === undefined || sessionId === undefined) return;
    const { clock, sessionKeys, sessionLimits, sessionStore, directoryTokens } = ports;
    const [account, session] = await Promise.all([
      findByTag(ports)(accountTag),
      sessionStore.find(userId, sessionId),
    ]);
    if (!account || !session || sessionLapse(session, account, clock(), sessionLimits)) return;
    // The client that refreshed the session has had the answer: this one is a copy of the login.
    if (session.generation !== 1) return;
    const directoryToken = await openDirectoryToken(ports)(session);
    if (directoryToken === undefined) return;
    const fresh = await directoryTokens.refresh(directoryToken);
    if (fresh.kind === 'rejected') return;
    const { current } = await sessionKeys();
    const tokens = { ...fresh.tokens, ...sessionTokens(current, session, sessionLimits) };
    return { account, session, tokens };
  };
