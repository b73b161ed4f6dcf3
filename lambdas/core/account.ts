import type { Language } from './language.ts';

/** Who an account is for; registration makes individuals. */
export type Audience = 'individual' | 'business' | 'employee';

/**
 * A subscriber's record, found by the tag of the username, which it does not hold. `provisional` until its
 * user exists in the directory; a provisional one that lapsed is anybody's.
 */
export interface Account {
  readonly usernameTag: string;
  readonly status: 'provisional' | 'active';
  readonly identityTag: string;
  readonly phoneTag: string;
  /** Sealed E.164 number, context `phone:<phoneTag>`. */
  readonly phone: string;
  /** Sealed mask such as `1•••••• 12`, context {@link identityContext}: the number itself is kept nowhere. */
  readonly nationalId: string;
  readonly audience: Audience;
  /** Nobody but the person said whose ID this is; services that need proof can tell. */
  readonly identityAssurance: 'self-asserted';
  readonly language: Language;
  readonly termsVersion: string;
  /** Epoch seconds. The terms were accepted at the same instant. */
  readonly createdAt: number;
  /** The directory's id of the user (Cognito `sub`), once active. */
  readonly userId?: string;
}

export const identityContext = (identityTag: string) => `national-id:${identityTag}`;

/** A registration's hold on a username, a national ID and a place on a phone. */
export interface AccountClaim {
  readonly account: Account;
  /** Hash of the challenge that claims: the same ticket may claim again. */
  readonly holder: string;
  /** Epoch seconds after which anyone may take the claim over. */
  readonly lapsesAt: number;
  readonly accountsPerPhone: number;
}

/**
 * Lapse of each place taken on a phone, by the challenge that took it: one ticket takes one place, whatever
 * username it ends up with. 0 never lapses.
 */
export type Places = Readonly<Record<string, number>>;

export type ClaimResult =
  | { readonly kind: 'claimed' }
  /** The same ticket, asked the same way, has just finished. */
  | { readonly kind: 'already-active' }
  | { readonly kind: 'username-taken' }
  | { readonly kind: 'identity-registered' }
  | { readonly kind: 'phone-full'; readonly places: Places };

/** What the account's owner sees of it. */
export interface AccountView {
  readonly username: string;
  readonly phone: string;
  readonly nationalId: string;
  readonly audience: Audience;
  readonly identityAssurance: 'self-asserted';
  /** Epoch seconds. */
  readonly createdAt: number;
}
