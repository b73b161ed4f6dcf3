import { type Account, type Hold, heldPhone, type PhoneOf } from '../model/account.ts';
import type {
  ChangeKind,
  Notice,
  Origin,
  SecurityEvent,
  SecurityEventType,
} from '../model/records.ts';
import { sealShownName } from '../model/shown-name.ts';
import type { Ports } from '../ports/index.ts';
import type { Language } from '../values/language.ts';

type Needs = Pick<Ports, 'clock' | 'entropy'>;

/**
 * Seconds for which delivery of a notice is tried. An owner who reads of a change a day late would look for its cause at
 * the wrong time.
 */
const noticeSeconds = 6 * 3600;

/** Composes a security event of this moment. Write it in the transaction of the change that it reports. */
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
 * Composes the notices of a change, in the language in which the account was opened. They go to the account's phone and,
 * while that phone is held, also to the previous one. Otherwise a thief with a session and the password would move the
 * account to their phone, and only they would read the notices.
 */
export function notices({ clock, entropy }: Needs, kind: ChangeKind, account: Account): Notice[] {
  const now = clock();
  return phonesToTell(account, now).map((to) => {
    const id = entropy(noticeIdBytes).toString('base64url');
    return noticeTo(id, kind, account.language, to, now);
  });
}

/**
 * The same, for SMS that name the account where its phone has several.
 * @param username in lower case
 */
export async function namedNotices(
  ports: Needs & Pick<Ports, 'phoneSealKeys'>,
  kind: ChangeKind,
  account: Account,
  username: string,
): Promise<Notice[]> {
  const { current } = await ports.phoneSealKeys();
  return notices(ports, kind, account).map((notice) => ({
    ...notice,
    shownName: sealShownName(current, ports.entropy, notice.phoneTag, username),
  }));
}

/** The account's phone and, while that phone is held, also the previous one. */
export function phonesToTell(account: PhoneOf & Hold, now: number): PhoneOf[] {
  const former = heldPhone(account, now);
  return former && former.phoneTag !== account.phoneTag ? [account, former] : [account];
}

export const noticeIdBytes = 16;

export const noticeTo = (
  id: string,
  kind: ChangeKind,
  language: Language,
  { phone, phoneTag }: PhoneOf,
  createdAt: number,
): Notice => ({
  id,
  kind,
  language,
  phone,
  phoneTag,
  createdAt,
  expiresAt: createdAt + noticeSeconds,
});
