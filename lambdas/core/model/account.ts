import type { Language } from '../values/language.ts';
import type { PhoneFull } from './phone-slots.ts';

/** Who an account is for; registration makes individuals. */
export type Audience = 'individual' | 'business' | 'employee';

/**
 * A subscriber's record, found by the tag of the username, which it does not hold. `provisional` until its
 * user exists in the directory; a provisional one that lapsed is anybody's. `closing` opens nothing any more: it is
 * on its way out, and only a reset brings it back.
 */
export interface Account {
  readonly usernameTag: string;
  readonly status: 'provisional' | 'active' | 'closing' | 'disabled';
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
  /** The newest terms that were accepted. */
  readonly termsVersion: string;
  /** Terms that were accepted after the first ones, oldest first. */
  readonly acceptedTerms?: readonly AcceptedTerms[];
  /** Epoch seconds. The first terms were accepted at the same instant. */
  readonly createdAt: number;
  /** Version of the first terms, where newer ones were accepted. */
  readonly firstTermsVersion?: string;
  /** Epoch seconds. Whatever logged in before is no session any more: a reset, a change of password. */
  readonly sessionsValidFrom?: number;
  /** Keyed tag of the address that last reset the password. */
  readonly resetFrom?: string;
  /** The session in which the password was changed: of all that were open then, the one that stays. */
  readonly exceptSession?: string;
  /** Epoch seconds until which the phone is new, and may not be its owner's: {@link heldPhone} says what that means. */
  readonly phoneHeldUntil?: number;
  /** Sealed number it had before, context `phone:<formerPhoneTag>`: until then its owner is told there as well. */
  readonly formerPhone?: string;
  readonly formerPhoneTag?: string;
  /** The authenticator app, once it was confirmed. */
  readonly totp?: Totp;
  /** Keyed tags of the recovery codes that are left. */
  readonly recoveryCodes?: readonly string[];
  /** Epoch seconds at which app or recovery codes were last set, renewed or removed: no older offer of an app counts. */
  readonly factorsChangedAt?: number;
  /** The directory's id of the user (Cognito `sub`), once active. */
  readonly userId?: string;
  /** Ids of users it had before, who were deleted past our API: what belonged to them is its owner's. */
  readonly formerUserIds?: readonly string[];
  /** Name of its place on its phone, wherever that moves: the hash of the challenge that opened it. */
  readonly holder?: string;
}

/** Where an account is reached. */
export type PhoneOf = Pick<Account, 'phone' | 'phoneTag'>;

/**
 * The phone that was an account's until the one it has now, which may be a thief's: while it is held, no reset goes to
 * the new one, nobody closes the account, and whatever is told of it is told to both.
 * @param now epoch seconds
 * @returns undefined once the hold is over
 */
export function heldPhone(
  { phoneHeldUntil = 0, formerPhone, formerPhoneTag }: Account,
  now: number,
): PhoneOf | undefined {
  const held = phoneHeldUntil > now && formerPhone !== undefined && formerPhoneTag !== undefined;
  return held ? { phone: formerPhone, phoneTag: formerPhoneTag } : undefined;
}

/** The users of the directory that an account has and had. What belongs to it belongs to one of them. */
export const userIdsOf = ({ userId, formerUserIds = [] }: Account): string[] =>
  userId === undefined ? [...formerUserIds] : [userId, ...formerUserIds];

/** What may be changed of an account by itself. */
export type AccountChange = Partial<
  Pick<
    Account,
    | 'acceptedTerms'
    | 'exceptSession'
    | 'factorsChangedAt'
    | 'firstTermsVersion'
    | 'recoveryCodes'
    | 'resetFrom'
    | 'sessionsValidFrom'
    | 'termsVersion'
    | 'totp'
  >
> & {
  /** Attributes that go. `exceptSession` goes by itself where `sessionsValidFrom` is set without a new one. */
  readonly remove?: readonly ('recoveryCodes' | 'resetFrom' | 'totp')[];
};

/** An account's new phone, and the one it keeps in mind while that is held. */
export type PhoneMove = PhoneOf &
  Required<Pick<Account, 'phoneHeldUntil' | 'formerPhone' | 'formerPhoneTag'>>;

export interface AcceptedTerms {
  readonly version: string;
  readonly language: Language;
  /** Epoch seconds. */
  readonly at: number;
}

/** An authenticator app (RFC 6238). */
export interface Totp {
  /** Sealed base32 secret, context {@link totpContext}. */
  readonly secret: string;
  /** Epoch seconds. */
  readonly confirmedAt: number;
  /** Newest time step a code was accepted for: none is accepted twice (RFC 6238 §5.2). */
  readonly lastStep: number;
}

/** By the account, not by its user: a user who was deleted past our API is replaced, and the app stays. */
export const totpContext = (usernameTag: string) => `totp:${usernameTag}`;
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

export type ClaimResult =
  | { readonly kind: 'claimed' }
  /** The same ticket, asked the same way, has just finished. */
  | { readonly kind: 'already-active' }
  | { readonly kind: 'username-taken' }
  | { readonly kind: 'identity-registered' }
  | PhoneFull;

/** What the account's owner sees of it. */
export interface AccountView {
  readonly username: string;
  readonly phone: string;
  readonly nationalId: string;
  readonly audience: Audience;
  readonly identityAssurance: 'self-asserted';
  /** Epoch seconds. */
  readonly createdAt: number;
  /** The newest terms that were accepted. */
  readonly termsVersion: string;
  /** Whether there are newer ones to accept. */
  readonly termsOutdated: boolean;
  /** What protects it besides password and SMS. */
  readonly secondFactors: { readonly totp: boolean; readonly recoveryCodesLeft: number };
}
