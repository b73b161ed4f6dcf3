import type { CodelessLogin } from '../model/challenge.ts';
import type { ChargedUnit } from '../model/ledger.ts';
import type { Records } from '../model/records.ts';
import type { Device, Session } from '../model/session.ts';

/** What the login that opens a session brings along. */
export interface LoginParts {
  /** The device it was made on, to be remembered. */
  readonly device?: Device;
  /** The ticket it was completed with, to be spent. */
  readonly ticket?: { readonly idHash: string; readonly usedBy: string };
  /** The try of its password, to be given back. */
  readonly returned?: ChargedUnit;
  /** Of a keyed request that needed no code: kept as a challenge that is spent, by which the request is known again. */
  readonly spent?: CodelessLogin;
}

export interface SessionStore {
  /**
   * Opens a session, writes what tells of it and whatever else belongs to its login, all or nothing.
   * `lost`: the ticket is spent, another request has it, or the session's device was forgotten. `exists`: a twin of the
   * same keyed request was faster.
   */
  create(
    session: Session,
    records: Partial<Records>,
    login?: LoginParts,
  ): Promise<{ kind: 'created' } | { kind: 'exists' } | { kind: 'lost' }>;
  find(userId: string, sessionId: string): Promise<Session | undefined>;
  list(userId: string): Promise<Session[]>;
  /** Makes the next refresh token the newest, if `generation` still is. */
  rotate(
    read: Pick<Session, 'userId' | 'sessionId' | 'generation'>,
    now: number,
  ): Promise<{ kind: 'rotated' } | { kind: 'lost'; session: Session | undefined }>;
  /**
   * Ends one; `gone` where there was none.
   * @param forgotten a remembered device of its user to forget with it, all or nothing
   */
  end(
    of: Pick<Session, 'userId' | 'sessionId'>,
    records: Partial<Records>,
    forgotten?: string,
  ): Promise<{ kind: 'ended' } | { kind: 'gone' }>;
  /** Deletes all of a user, or all but one, and says so nowhere. */
  eraseAll(userId: string, except?: string): Promise<void>;
}
