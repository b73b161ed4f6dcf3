import { securityEvent } from '../audit/compose-records.ts';
import type { Origin } from '../model/records.ts';
import type { Session } from '../model/session.ts';
import type { SessionEnd } from '../model/session-end.ts';
import type { Ports } from '../ports/index.ts';
import { openDirectoryToken } from './directory-token.ts';
import { type ReuseNoticeNeeds, reuseNotice } from './reuse-notices.ts';

export type EndSessionNeeds = Pick<
  Ports,
  'clock' | 'entropy' | 'sessionKeys' | 'directoryTokens' | 'sessionStore'
>;

/**
 * Ends a session for good. It revokes the directory's token first: after a crash, the same request
 * finds the session again and ends it. The reverse order could leave a live token of which no
 * record exists. Two AWS calls.
 * @param reason for the event, and for the holder of the session's refresh token
 * @param forgotten id of the remembered device to forget in the same transaction
 */
export const endSession =
  (ports: EndSessionNeeds) =>
  async (
    session: Session,
    origin: Origin,
    reason: SessionEnd,
    forgotten?: string,
  ): Promise<void> => {
    await revokeDirectoryToken(ports, session);
    const details = { session: session.sessionId, reason };
    const ended = securityEvent(ports, 'session.ended', session.userId, origin, details);
    await ports.sessionStore.end(session, reason, { events: [ended] }, { forgotten });
  };

/**
 * Ends a session whose refresh token was replayed: one of its two holders is a thief, and Hawiya
 * cannot tell which (RFC 9700 §4.14.2). The owner is told where the replay came from elsewhere. The
 * session ends before the directory is called, so that it is over and on record even while the directory is down.
 */
export const endReusedSession =
  (ports: EndSessionNeeds & ReuseNoticeNeeds) =>
  async (session: Session, origin: Origin): Promise<void> => {
    const details = { session: session.sessionId };
    const reused = securityEvent(ports, 'session.reuse-detected', session.userId, origin, details);
    // Whatever happens to the notice, the session ends.
    const told = await reuseNotice(ports)(session, origin).catch(() => undefined);
    const records = { events: [reused], notices: told?.notices ?? [] };
    const { noticeCharge } = told ?? {};
    const { kind } = await ports.sessionStore.end(session, 'reuse', records, { noticeCharge });
    if (kind === 'ended') await revokeDirectoryToken(ports, session);
  };

/** A token whose key was retired stays sealed. The session ends all the same. */
async function revokeDirectoryToken(ports: EndSessionNeeds, session: Session): Promise<void> {
  const token = await openDirectoryToken(ports)(session);
  if (token !== undefined) await ports.directoryTokens.revoke(token);
}
