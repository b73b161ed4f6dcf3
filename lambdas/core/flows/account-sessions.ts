import { Problem } from '../model/problems.ts';
import type { Origin } from '../model/records.ts';
import type { Session } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import { endSession } from '../session/end-session.ts';
import { requireSession, type SessionSubject } from '../session/require-session.ts';
import { sessionLapse } from '../session/session-validity.ts';

type ReadNeeds = Pick<Ports, 'clock' | 'keys' | 'accounts' | 'sessionLimits' | 'sessionStore'>;
type Needs = ReadNeeds & Pick<Ports, 'entropy' | 'directoryTokens'>;

/** What the owner sees of a session. Instants: epoch seconds. */
export interface SessionView {
  readonly id: string;
  readonly device: string;
  readonly place?: string;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  /** It is the one that asks. */
  readonly current: boolean;
}

/**
 * The sessions that could still be refreshed, last used first. Three AWS calls, two in sequence.
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
 * Ends one session of the account, the current one too. Its access token opens the calls that matter no more; what only
 * looks at the token's signature takes it for its last minutes. The device it was opened on is forgotten with it: who has
 * lost a device ends its session, and whoever found it must not log in by the password alone. Five AWS calls.
 * @throws Problem unauthenticated; not_found for a session that is not the account's, or over
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
 * Ends all sessions of the account but the one that asks, and forgets all devices but its own, first: else one of them
 * could open a session that is in no list yet. Whoever dies in between asks again, and the rest ends.
 * @throws Problem unauthenticated
 */
export const endOtherSessions =
  (ports: Needs & Pick<Ports, 'devices'>) =>
  async (subject: SessionSubject, origin: Origin): Promise<void> => {
    const { session } = await requireSession(ports)(subject);
    await ports.devices.forgetAll(session.userId, session.deviceId);
    await endAllBut(ports)(session, origin, 'owner');
  };

/** @param reason a word of ours for the events */
export const endAllBut =
  (ports: Pick<Ports, 'clock' | 'entropy' | 'keys' | 'directoryTokens' | 'sessionStore'>) =>
  async (current: Session, origin: Origin, reason: string): Promise<void> => {
    const all = await ports.sessionStore.list(current.userId);
    const others = all.filter(({ sessionId }) => sessionId !== current.sessionId);
    for (const some of groups(others)) {
      await Promise.all(some.map((other) => endSession(ports)(other, origin, reason)));
    }
  };

/** Few enough at once for Cognito's rate of the whole service, enough for a person's devices in one go. */
const atOnce = 10;

const groups = (sessions: Session[]): Session[][] =>
  Array.from({ length: Math.ceil(sessions.length / atOnce) }, (_, i) =>
    sessions.slice(i * atOnce, (i + 1) * atOnce),
  );
