import { findByTag } from '../account/find-account.ts';
import { type Return, returnUnjudged } from '../budgets/return-unjudged.ts';
import { Problem } from '../model/problems.ts';
import type { Origin } from '../model/records.ts';
import type { Session, SessionTokens, Tokens } from '../model/session.ts';
import { told } from '../model/session-end.ts';
import type { Ports } from '../ports/index.ts';
import type { CountedRefresh, RefreshCount } from '../ports/session-store.ts';
import { openDirectoryToken } from '../session/directory-token.ts';
import { endReusedSession, endSession } from '../session/end-session.ts';
import { sessionTokens } from '../session/open-session.ts';
import { type ReadToken, readSessionToken } from '../session/session-token.ts';
import { sessionLapse, toldEnd } from '../session/session-validity.ts';

interface TokenInput {
  readonly refreshToken: string;
  readonly origin: Origin;
}

type Needs = Pick<
  Ports,
  | 'accounts'
  | 'clock'
  | 'directoryTokens'
  | 'entropy'
  | 'sessionKeys'
  | 'sessionLimits'
  | 'sessionStore'
  | 'tags'
>;

/**
 * Exchanges a refresh token for fresh tokens. Each refresh token is good once (RFC 9700 §4.14.2).
 * For some seconds after that, a parallel request with it gets the same newest token. A later
 * replay ends the session for both holders.
 * A refusal because account or directory no longer accept the session ends it too.
 * The rotation comes last: no session is lost while the directory is down. Four AWS calls, three in
 * sequence.
 *
 * The write that reads the session counts the refresh, because each refresh asks the directory. A
 * replay ends the session even if the budget is full. A refresh that the directory does not answer is
 * not counted.
 * @throws Problem unauthenticated if Hawiya did not make the token, or its session is over. Only who holds a genuine
 *   token is told why
 * @throws Problem too_many_requests if the session's budget of refreshes is full; unavailable
 */
export const refreshSession =
  (ports: Needs) =>
  async ({ refreshToken, origin }: TokenInput): Promise<SessionTokens> => {
    const now = ports.clock();
    const token = await readSessionToken(ports.sessionKeys, refreshToken);
    const counted = token && (await countRefresh(ports, token, now));
    if (!counted || counted.kind === 'gone') throw new Problem('unauthenticated');
    const known = counted.kind === 'ended' ? counted.ended : counted.session;
    if (!(await isKeyInUse(ports, token, known))) throw new Problem('unauthenticated');
    if (counted.kind === 'ended') {
      const { ended } = counted;
      throw new Problem('unauthenticated', toldEnd(ended.reason, ports.sessionLimits, ended));
    }
    const { session } = counted;
    if (isReplay(ports, session, token.generation)) return endAsReused(ports, session, origin);
    if (counted.kind === 'refused') {
      const retryAfter = Math.max(1, counted.until - now);
      throw new Problem('too_many_requests', { retryAfter, limit: 'session' });
    }
    const giveBack: Return = () => ports.sessionStore.returnRefresh(session, now);
    return returnUnjudged([giveBack], () =>
      refreshCounted(ports, counted, token.generation, origin),
    );
  };

const countRefresh = (
  { sessionLimits, sessionStore }: Needs,
  of: Pick<Session, 'userId' | 'sessionId'>,
  now: number,
): Promise<RefreshCount> =>
  sessionStore.countRefresh(
    of,
    { perMinute: sessionLimits.refreshesPerMinute, perHour: sessionLimits.refreshesPerHour },
    now,
  );

async function refreshCounted(
  ports: Needs,
  counted: CountedRefresh,
  generation: number,
  origin: Origin,
): Promise<SessionTokens> {
  const { clock, directoryTokens, sessionLimits } = ports;
  const { session } = counted;
  const directoryToken = await openDirectoryToken(ports)(session);
  const [account, fresh] = await Promise.all([
    findByTag(ports)(session.usernameTag),
    directoryToken === undefined
      ? ({ kind: 'rejected' } as const)
      : directoryTokens.refresh(directoryToken),
  ]);
  const over =
    sessionLapse(session, account, clock(), sessionLimits) ??
    (fresh.kind === 'rejected' ? 'directory' : undefined);
  if (over || fresh.kind === 'rejected') {
    await endSession(ports)(session, origin, over ?? 'directory');
    throw new Problem('unauthenticated', toldEnd(over, sessionLimits, session));
  }
  return rotate(ports, counted, generation, fresh.tokens, origin);
}

/**
 * A token made with a key that was replaced before the session's last rotation is a forgery. The grace
 * is for the token before that one, which a parallel request may hold.
 */
async function isKeyInUse(
  { sessionKeys, sessionLimits }: Needs,
  { keyVersion }: ReadToken,
  { rotatedAt }: Pick<Session, 'rotatedAt'>,
): Promise<boolean> {
  const madeAt = rotatedAt - sessionLimits.rotationGraceSeconds;
  return (await sessionKeys()).version(keyVersion, madeAt) !== undefined;
}

/**
 * An old token is a replay, except the previous one within the grace after its rotation: a parallel
 * request may hold that.
 */
function isReplay({ clock, sessionLimits }: Needs, session: Session, generation: number): boolean {
  if (generation === session.generation) return false;
  const twin = generation === session.generation - 1;
  return !twin || clock() > session.rotatedAt + sessionLimits.rotationGraceSeconds;
}

async function endAsReused(ports: Needs, session: Session, origin: Origin): Promise<never> {
  await endReusedSession(ports)(session, origin);
  throw new Problem('unauthenticated', told('reuse'));
}

/**
 * The newest generation's token. Of two parallel requests, one makes it the newest, and both get
 * it.
 */
async function rotate(
  ports: Needs,
  counted: CountedRefresh,
  generation: number,
  tokens: Tokens,
  origin: Origin,
): Promise<SessionTokens> {
  const newest = await newestOf(ports, counted, generation, origin);
  if (!newest) throw new Problem('unauthenticated');
  if (isReplay(ports, newest, generation)) return endAsReused(ports, newest, origin);
  const { current } = await ports.sessionKeys();
  return { ...tokens, ...sessionTokens(current, newest, ports.sessionLimits) };
}

/**
 * @returns the session after the rotation, by this or a parallel request; undefined if it was ended
 *   meanwhile
 */
async function newestOf(
  { clock, sessionStore }: Needs,
  { session, pastCounts }: CountedRefresh,
  generation: number,
  { addressTag, device }: Origin,
): Promise<Session | undefined> {
  if (generation !== session.generation) return session;
  const now = clock();
  const usedFrom = { addressTag, device };
  const result = await sessionStore.rotate(session, now, usedFrom, pastCounts);
  if (result.kind === 'lost') return result.session;
  return { ...session, generation: generation + 1, rotatedAt: now, lastUsedAt: now, usedFrom };
}
