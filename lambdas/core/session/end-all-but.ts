import type { Origin } from '../model/records.ts';
import type { Session } from '../model/session.ts';
import type { SessionEnd } from '../model/session-end.ts';
import { type EndSessionNeeds, endSession } from './end-session.ts';

/**
 * Ends all sessions of a user except the current one.
 * @param reason for the events, and for the holders of the sessions' refresh tokens
 */
export const endAllBut =
  (ports: EndSessionNeeds) =>
  async (current: Session, origin: Origin, reason: SessionEnd): Promise<void> => {
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
