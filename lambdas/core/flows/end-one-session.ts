import { Problem } from '../model/problems.ts';
import type { Origin } from '../model/records.ts';
import type { SessionSubject } from '../model/session.ts';
import { type EndSessionNeeds, endSession } from '../session/end-session.ts';
import { type RequireSessionNeeds, requireSession } from '../session/require-session.ts';

type Needs = EndSessionNeeds & RequireSessionNeeds;

/**
 * Ends one session of the account, which may be the current one. Calls that read the session refuse
 * its access token at once. Services that check only the token's signature accept it for its last
 * minutes.
 *
 * The session's remembered device is forgotten with it. An owner who has lost a device ends its
 * session, and the finder must not log in by the password alone. Five AWS calls, three in sequence.
 * @throws Problem unauthenticated; not_found for a session that is over or another account's
 */
export const endOneSession =
  (ports: Needs) =>
  async (subject: SessionSubject, id: string, origin: Origin): Promise<void> => {
    const [, one] = await Promise.all([
      requireSession(ports)(subject),
      id ? ports.sessionStore.find(subject.userId, id) : undefined,
    ]);
    if (!one) throw new Problem('not_found');
    await endSession(ports)(one, origin, 'owner', one.deviceId);
  };
