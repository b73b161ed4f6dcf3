import type { Account, Totp } from '../model/account.ts';
import type { Records } from '../model/records.ts';
import type { FactorProof } from '../model/second-factor.ts';

/** What a code is given for. Instants: epoch seconds. */
export type FactorUse =
  /** `pending` → `verified`. Its attempt was counted before, so there is no further budget to hold it to. */
  | {
      readonly kind: 'verify';
      readonly idHash: string;
      readonly now: number;
      readonly ticketExpiresAt: number;
      /** Recognises a keyed request that comes again. */
      readonly nonce: string;
    }
  /** Notes on a ticket in use that the second factor was given too. */
  | { readonly kind: 'ticket'; readonly idHash: string; readonly usedBy: string };

type Of = Pick<Account, 'usernameTag' | 'userId'>;

/** The second factors of an active account that is still the same person's. */
export interface SecondFactorStore {
  /**
   * Uses a code up, with what it was given for and what tells of it, all or nothing: a crash in between could only waste
   * a code or accept it twice. `used`: it was taken before, or the account or the app is another one now. `lost`: the
   * challenge does not take it any more.
   */
  takeFactor(
    of: Of,
    proof: FactorProof,
    use: FactorUse,
    records: Partial<Records>,
  ): Promise<{ kind: 'taken' } | { kind: 'used' } | { kind: 'lost' }>;
  /**
   * Makes an app the account's, with a new set of recovery codes. `gone`: it is no such account any more, its sessions were
   * ended since it was read, or app or recovery codes were changed since `offeredAt` or in that second: an offer is good
   * once, and what is removed stays so.
   */
  enrolTotp(
    of: Of & Pick<Account, 'sessionsValidFrom' | 'exceptSession'>,
    enrolled: { totp: Totp; recoveryCodes: readonly string[]; offeredAt: number },
    records: Partial<Records>,
  ): Promise<{ kind: 'changed' } | { kind: 'gone' }>;
}
