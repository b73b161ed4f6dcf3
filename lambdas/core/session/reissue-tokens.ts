import { unseal } from '../crypto/seal.ts';
import type { Account } from '../model/account.ts';
import type { CodelessLogin } from '../model/challenge.ts';
import { directoryTokenContext, type Session, type SessionTokens } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import { mintSessionToken } from './session-token.ts';
import { sessionLapse } from './session-validity.ts';

type Needs = Pick<
  Ports,
  'accounts' | 'clock' | 'keys' | 'sessionLimits' | 'sessionStore' | 'directoryTokens'
>;

/** A session that a request has opened before, as its answer tells of it. */
export interface ReissuedSession {
  readonly account: Account;
  readonly session: Session;
  readonly tokens: SessionTokens;
}

/**
 * Answers a login once more whose answer was lost: the same session and the same refresh token, with a fresh access and ID
 * token, for those that were lost were kept nowhere. Three AWS calls, two in sequence.
 * @returns undefined where the session is over by now, or was refreshed
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
    const { accounts, clock, keys, sessionLimits, sessionStore, directoryTokens } = ports;
    const [account, session] = await Promise.all([
      accounts.find(accountTag),
      sessionStore.find(userId, sessionId),
    ]);
    if (!account || !session || sessionLapse(session, account, clock(), sessionLimits)) return;
    // Who has refreshed it has had the answer: whoever asks now holds a copy of the request.
    if (session.generation !== 1) return;
    const context = directoryTokenContext(sessionId);
    const fresh = await directoryTokens.refresh(
      await unseal(keys, context, session.directoryToken),
    );
    if (fresh.kind === 'rejected') return;
    const refreshToken = mintSessionToken((await keys()).current, session);
    const tokens = { ...fresh.tokens, refreshToken, sessionExpiresAt: session.expiresAt };
    return { account, session, tokens };
  };
