import { securityEvent } from '../audit/compose-records.ts';
import { unseal } from '../crypto/seal.ts';
import type { Origin } from '../model/records.ts';
import { directoryTokenContext, type Session } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';

type Needs = Pick<Ports, 'clock' | 'entropy' | 'keys' | 'directoryTokens' | 'sessionStore'>;

/**
 * Ends a session for good. The directory's token is revoked first: whoever dies in between leaves a session that
 * the same request finds again and ends, never a token nobody knows of. Two AWS calls.
 * @param reason `log-out`, `owner`: a word of ours for the event
 * @param forgotten the remembered device to forget with it
 */
export const endSession =
  (ports: Needs) =>
  async (session: Session, origin: Origin, reason: string, forgotten?: string): Promise<void> => {
    await revokeDirectoryToken(ports, session);
    const details = { session: session.sessionId, reason };
    const ended = securityEvent(ports, 'session.ended', session.userId, origin, details);
    await ports.sessionStore.end(session, { events: [ended] }, forgotten);
  };

/**
 * Ends a session whose refresh token was used twice: one of the two who hold it is a thief, and nobody knows which
 * (RFC 9700 §4.14.2). Here it ends first, so that it is over and on record even while the directory is down.
 */
export const endReusedSession =
  (ports: Needs) =>
  async (session: Session, origin: Origin): Promise<void> => {
    const details = { session: session.sessionId };
    const reused = securityEvent(ports, 'session.reuse-detected', session.userId, origin, details);
    const { kind } = await ports.sessionStore.end(session, { events: [reused] });
    if (kind === 'ended') await revokeDirectoryToken(ports, session);
  };

async function revokeDirectoryToken(
  { keys, directoryTokens }: Needs,
  session: Session,
): Promise<void> {
  const { sessionId, directoryToken } = session;
  await directoryTokens.revoke(
    await unseal(keys, directoryTokenContext(sessionId), directoryToken),
  );
}
