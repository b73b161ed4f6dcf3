import { Problem } from '../model/problems.ts';
import type { Origin } from '../model/records.ts';
import type { Session } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import { endSession } from '../session/end-session.ts';
import { requireSession, type SessionSubject } from '../session/require-session.ts';
import { sessionLapse } from '../session/session-validity.ts';

type ReadNeeds = Pick<Ports, 'clock' | 'keys' | 'accounts' | 'sessionLimits' | 'sessionStore'>;
type Needs = ReadNeeds & Pick<Ports, 'entropy' | 'directoryTokens'>;

/** A session as its owner sees it. Instants: epoch seconds. */
export interface SessionView {
  readonly id: string;
  readonly device: string;
  readonly place?: string;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  /** Whether this session made the request. */
  readonly current: boolean;
}

/**
 * Lists the sessions that can still be refreshed, most recently used first. Three AWS calls, two in
 * sequence.
 * @throws Problem unauthenticated
 */
export const listSessions =
  (ports: ReadNeeds) =>
  async (subject: SessionSubject): Promise<SessionView[]> => {
    const { account, session } = await requireSession(ports)(subject);
    const all = await ports.sessionStore.list(session.userId);
    return all
      .filter((other) => !sessionLapse(other, account, ports.clock(), ports.sessionLimits))
      .sort((a, b) => b.lastUsedAt - a.lastUsedAt)
      .map(({ sessionId: id, device, place, createdAt, lastUsedAt }) => ({
        id,
        device,
        ...(place && { place }),
        createdAt,
        lastUsedAt,
        current: id === session.sessionId,
      }));
  };

/**
 * Ends one session of the account, which may be the current one. Calls that read the session refuse
 * its access token at once. Services that check only the token's signature accept it for its last
 * minutes.
 *
 * The session's remembered device is forgotten with it. An owner who has lost a device ends its
 * session, and the finder must not log in by the password alone. Five AWS calls.
 * @throws Problem unauthenticated; not_found for a session that is over or another account's
 */
export const endOneSession =
  (ports: Needs) =>
  async (subject: SessionSubject, id: string, origin: Origin): Promise<void> => {
    const { session } = await requireSession(ports)(subject);
    const one = id ? await ports.sessionStore.find(session.userId, id) : undefined;
    if (!one) throw new Problem('not_found');
    await endSession(ports)(one, origin, 'owner', one.deviceId);
  };

/**
 * Ends all sessions of the account except the current one. It first forgets all devices except the
 * current session's: otherwise one of them could open a session that is in no list yet. After a
 * crash, the same request ends the rest.
 * @throws Problem unauthenticated
 */
export const endOtherSessions =
  (ports: Needs & Pick<Ports, 'devices'>) =>
  async (subject: SessionSubject, origin: Origin): Promise<void> => {
    const { session } = await requireSession(ports)(subject);
    await ports.devices.forgetAll(session.userId, session.deviceId);
    await endAllBut(ports)(session, origin, 'owner');
  };

/**
 * Ends all sessions of a user except the current one.
 * @param reason reason code for the events
 */
export const endAllBut =
  (ports: Pick<Ports, 'clock' | 'entropy' | 'keys' | 'directoryTokens' | 'sessionStore'>) =>
  async (current: Session, origin: Origin, reason: string): Promise<void> => {
    const all = await ports.sessionStore.list(current.userId);
    const others = all.filter(({ sessionId }) => sessionId !== current.sessionId);
    for (const batch of batches(others)) {
      await Promise.all(batch.map((other) => endSession(ports)(other, origin, reason)));
    }
  };

/**
 * Sessions ended in parallel: few enough for Cognito's rate, which all of Hawiya shares, and enough
 * for a person's devices in one batch.
 */
const batchSize = 10;

const batches = (sessions: Session[]): Session[][] =>
  Array.from({ length: Math.ceil(sessions.length / batchSize) }, (_, i) =>
    sessions.slice(i * batchSize, (i + 1) * batchSize),
  );
