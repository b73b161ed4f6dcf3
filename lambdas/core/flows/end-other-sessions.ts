import type { Origin } from '../model/records.ts';
import type { SessionSubject } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import { endAllBut } from '../session/end-all-but.ts';
import type { EndSessionNeeds } from '../session/end-session.ts';
import { type RequireSessionNeeds, requireSession } from '../session/require-session.ts';

type Needs = EndSessionNeeds & RequireSessionNeeds;

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
