import type { Account, Totp } from '../model/account.ts';
import type { Records } from '../model/records.ts';
import type { FactorProof } from '../model/second-factor.ts';

/** The purpose for which a code is used. Instants are epoch seconds. */
export type FactorUse =
  /** `pending` → `verified`. The caller has already counted the attempt, so no further budget is checked. */
  | {
      readonly kind: 'verify';
      readonly idHash: string;
      readonly now: number;
      readonly ticketExpiresAt: number;
      /** Recognises a replay with the same idempotency key. */
      readonly nonce: string;
    }
  /** Marks a ticket in use as confirmed by a second factor. */
  | { readonly kind: 'ticket'; readonly idHash: string; readonly usedBy: string };

/** An account as it was read. */
type Of = Pick<
  Account,
  'usernameTag' | 'status' | 'userId' | 'sessionsValidFrom' | 'exceptSession'
>;

/**
 * The second factors of an account. Every write requires that the account is as it was read: its status, its user and the
 * validity of its sessions.
 */
export interface SecondFactorStore {
  /**
   * Uses a code up, applies its purpose and writes the records, in one transaction: a crash between separate writes
   * would waste the code or accept it twice. `used`: the code was used before, or the account's user or app has changed.
   * `lost`: the challenge or ticket no longer accepts it.
   */
  takeFactor(
    of: Of,
    proof: FactorProof,
    use: FactorUse,
    records: Partial<Records>,
  ): Promise<{ kind: 'taken' } | { kind: 'used' } | { kind: 'lost' }>;
  /**
   * Enrols an authenticator app with a new set of recovery codes. `gone`: the account is no longer active or has another
   * user, or its sessions were ended since it was read. It is also `gone` if app or recovery codes were changed at
   * `offeredAt` or later: an offer is valid once, and a removed app stays removed.
   */
  enrolTotp(
    of: Of,
    enrolled: { totp: Totp; recoveryCodes: readonly string[]; offeredAt: number },
    records: Partial<Records>,
  ): Promise<{ kind: 'changed' } | { kind: 'gone' }>;
}
