import { type Account, heldPhone, type PhoneOf } from '../model/account.ts';
import type {
  Notice,
  NoticeKind,
  Origin,
  SecurityEvent,
  SecurityEventType,
} from '../model/records.ts';
import type { Ports } from '../ports/index.ts';

type Needs = Pick<Ports, 'clock' | 'entropy'>;

/** Seconds for which a notice is tried: who was told of it a day late would look for what happened in the wrong place. */
const noticeSeconds = 6 * 3600;

/** An event, to be written with what it tells of. */
export function securityEvent(
  { clock, entropy }: Needs,
  type: SecurityEventType,
  userId: string,
  origin: Origin,
  details?: SecurityEvent['details'],
): SecurityEvent {
  const at = clock();
  const id = `${new Date(at * 1000).toISOString()}#${entropy(9).toString('base64url')}`;
  return { id, type, at, userId, origin, ...(details && { details }) };
}

/**
 * Notices to the phone an account has now, in the language it was opened in; while that phone is new, to the one before it
 * too, or whoever stole a session and the password would be the only one to hear of what they do.
 */
export function notices(ports: Needs, kind: NoticeKind, account: Account): Notice[] {
  const former = heldPhone(account, ports.clock());
  const told = former && former.phoneTag !== account.phoneTag ? [account, former] : [account];
  return told.map((to) => noticeTo(ports, kind, account.language, to));
}

function noticeTo(
  { clock, entropy }: Needs,
  kind: NoticeKind,
  language: Account['language'],
  { phone, phoneTag }: PhoneOf,
): Notice {
  const createdAt = clock();
  const id = entropy(16).toString('base64url');
  return { id, kind, language, phone, phoneTag, createdAt, expiresAt: createdAt + noticeSeconds };
}
