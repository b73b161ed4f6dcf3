import type { SessionSubject } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import { requireSession } from '../session/require-session.ts';
import { sessionLapse } from '../session/session-validity.ts';

type Needs = Pick<Ports, 'clock' | 'tags' | 'accounts' | 'sessionLimits' | 'sessionStore'>;

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
 * Lists the sessions that can still be refreshed, most recently used first. Three parallel AWS calls.
 * @throws Problem unauthenticated
 */
export const listSessions =
  (ports: Needs) =>
  async (subject: SessionSubject): Promise<SessionView[]> => {
    const [{ account, session }, all] = await Promise.all([
      requireSession(ports)(subject),
      ports.sessionStore.list(subject.userId),
    ]);
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
