import type { CodelessLogin } from '../model/challenge.ts';
import type { ChargedUnit } from '../model/ledger.ts';
import type { Records } from '../model/records.ts';
import type { Device, Session } from '../model/session.ts';
import type { EndedSession, SessionEnd } from '../model/session-end.ts';

/** The writes of a login that belong to the transaction that opens its session. */
export interface LoginParts {
  /** The device to remember. */
  readonly device?: Device;
  /** The ticket to spend. */
  readonly ticket?: { readonly idHash: string; readonly usedBy: string };
  /** The unit of the password attempt, or of the challenge's start, to return. */
  readonly returned?: ChargedUnit;
  /** The one login of the ticket that is the second factor, to charge. */
  readonly charged?: ChargedUnit;
  /** The sealed username that the account lacks. */
  readonly username?: { readonly usernameTag: string; readonly sealed: string };
  /** The unit that the notices take. */
  readonly noticeCharge?: ChargedUnit | undefined;
  /**
   * Only for a request with an idempotency key that needed no code. It is stored as a spent challenge, by which a replay
   * is recognised.
   */
  readonly spent?: CodelessLogin;
}

/** The writes of an end that belong to its transaction. */
export interface EndParts {
  /** Id of a remembered device of the user, to forget. */
  readonly forgotten?: string | undefined;
  /** The unit that the notices take. */
  readonly noticeCharge?: ChargedUnit | undefined;
}

/** A refresh that was counted, with the session as it is then. */
export interface CountedRefresh {
  readonly kind: 'counted';
  readonly session: Session;
  /** Names of the counts of past windows, for the rotation to remove. */
  readonly pastCounts: readonly string[];
}

export type RefreshCount =
  | CountedRefresh
  /** `until`: the instant at which the budget has room again. */
  | { readonly kind: 'refused'; readonly session: Session; readonly until: number }
  | ClosedSession;

/** `gone`: there is none, or nothing of it is left. */
export type ClosedSession =
  | { readonly kind: 'ended'; readonly ended: EndedSession }
  | { readonly kind: 'gone' };

export type FoundSession = { readonly kind: 'open'; readonly session: Session } | ClosedSession;

/** Sessions. Instants are epoch seconds. */
export interface SessionStore {
  /**
   * Opens a session, writes the records and makes the other writes of the login, in one transaction.
   * `lost`: the ticket is spent, another request holds it, the session's device was forgotten, or the account that lacks its
   * username is gone. `exists`: a parallel
   * request with the same idempotency key was faster. `refused`: the ticket's one login is used up. If only the charge for
   * the notices is refused, the session opens without them, in a second transaction.
   */
  create(
    session: Session,
    records: Partial<Records>,
    login?: LoginParts,
  ): Promise<{ kind: 'created' } | { kind: 'exists' } | { kind: 'lost' } | { kind: 'refused' }>;
  /** The session, or how it ended. */
  read(userId: string, sessionId: string): Promise<FoundSession>;
  /** The session, if it has not ended. */
  find(userId: string, sessionId: string): Promise<Session | undefined>;
  /** The sessions that have not ended. */
  list(userId: string): Promise<Session[]>;
  /**
   * Reads a session and counts one refresh of it, in one write. `ended` and `gone` count nothing. `refused`: a budget is
   * full, and nothing was counted.
   */
  countRefresh(
    of: Pick<Session, 'userId' | 'sessionId'>,
    limits: { readonly perMinute: number; readonly perHour: number },
    now: number,
  ): Promise<RefreshCount>;
  /**
   * Takes back a refresh that `countRefresh` counted. The store does not detect a repeated call.
   * @param countedAt the instant of the count
   */
  returnRefresh(of: Pick<Session, 'userId' | 'sessionId'>, countedAt: number): Promise<void>;
  /**
   * Raises the generation by one, if it is still the one that was read. `lost`: another request was faster.
   * @param usedFrom from where this request came
   * @param pastCounts the counts of past windows, to be removed
   */
  rotate(
    read: Pick<Session, 'userId' | 'sessionId' | 'generation'>,
    now: number,
    usedFrom: Session['usedFrom'],
    pastCounts?: readonly string[],
  ): Promise<{ kind: 'rotated' } | { kind: 'lost'; session: Session | undefined }>;
  /**
   * Ends a session and writes the records, in one transaction. Of the session only the reason stays, until its natural
   * end. `gone`: there is no such session, or it has ended. If only the charge for the notices is refused, the session
   * ends without them, in a second transaction.
   */
  end(
    of: Pick<Session, 'userId' | 'sessionId' | 'rotatedAt' | 'expiresAt' | 'ownDevice'>,
    reason: SessionEnd,
    records: Partial<Records>,
    parts?: EndParts,
  ): Promise<{ kind: 'ended' } | { kind: 'gone' }>;
  /** Deletes all sessions of a user without any record, those that have ended too. @param except id of a session to keep */
  eraseAll(userId: string, except?: string): Promise<void>;
}
