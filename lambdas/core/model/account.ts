import type { Language } from '../values/language.ts';
import type { PhoneFull } from './phone-slots.ts';

/** The kind of subscriber that an account is for. Registration opens accounts of individuals only. */
export type Audience = 'individual' | 'business' | 'employee';

/**
 * A subscriber's account. It is found by the tag of the username, and by that of the national ID.
 * - `provisional`: the directory has no user for it yet. After its lapse another registration may claim the username.
 * - `closing`: the account accepts no logins or sessions and is about to be deleted. Only a password reset restores it.
 */
export interface Account {
  readonly usernameTag: string;
  readonly status: 'provisional' | 'active' | 'closing' | 'disabled';
  readonly identityTag: string;
  readonly phoneTag: string;
  /** Sealed E.164 number, context `phone:<phoneTag>`. */
  readonly phone: string;
  /** Sealed mask such as `1•••••• 12`, context {@link identityContext}. The national ID itself is not stored. */
  readonly nationalId: string;
  /**
   * Sealed username: `sealed-username.ts` opens it. An account that was opened before usernames were kept gets it with its
   * next login or reset.
   */
  readonly username?: string;
  readonly audience: Audience;
  /** The national ID is the person's own claim and was not verified. A service that needs proof reads it here. */
  readonly identityAssurance: 'self-asserted';
  readonly language: Language;
  /** Version of the newest accepted terms. */
  readonly termsVersion: string;
  /** Terms accepted after the first ones, oldest first. */
  readonly acceptedTerms?: readonly AcceptedTerms[];
  /** Epoch seconds. The subscriber accepted the first terms at the same instant. */
  readonly createdAt: number;
  /** Version of the first terms, set once newer terms were accepted. */
  readonly firstTermsVersion?: string;
  /** Epoch seconds. Sessions that started earlier have ended, by a reset or a change of the password. */
  readonly sessionsValidFrom?: number;
  /** The newest reset: hash of its challenge's id, and the instant to which it set `sessionsValidFrom`. */
  readonly newestReset?: { readonly idHash: string; readonly at: number };
  /** Keyed tag of the network from which the password was last reset. */
  readonly resetFrom?: string;
  /** Id of the session in which the password was changed. It is the only earlier session that stays open. */
  readonly exceptSession?: string;
  /**
   * Epoch seconds until which a new phone is held, because it may be a thief's: see {@link heldPhone}. It stays when the
   * change is undone, so that no reset sets a password before.
   */
  readonly phoneHeldUntil?: number;
  /** Epoch seconds of the change of phone that began the hold. Further changes within the hold prolong it and keep this. */
  readonly phoneHeldFrom?: number;
  /**
   * Sealed number of the previous phone, context `phone:<formerPhoneTag>`. During the hold it gets every notice
   * too.
   */
  readonly formerPhone?: string;
  readonly formerPhoneTag?: string;
  /** The authenticator app, set once the subscriber confirmed it. */
  readonly totp?: Totp;
  /** Keyed tags of the unused recovery codes. */
  readonly recoveryCodes?: readonly string[];
  /** Epoch seconds of the last change to app or recovery codes. It invalidates every older offer of an app. */
  readonly factorsChangedAt?: number;
  /** The directory's id of the user (Cognito `sub`), set once the account is active. */
  readonly userId?: string;
  /**
   * Ids of earlier users, who were deleted outside our API. Their sessions, devices and events belong to this
   * account.
   */
  readonly formerUserIds?: readonly string[];
  /** Name of the account's slot on its phone, also after a move: the hash of the challenge that opened the account. */
  readonly holder?: string;
}

/** The phone of an account. */
export type PhoneOf = Pick<Account, 'phone' | 'phoneTag'>;

/** The hold on an account's phone, if there is one. */
export type Hold = Pick<
  Account,
  'phoneHeldFrom' | 'phoneHeldUntil' | 'formerPhone' | 'formerPhoneTag'
>;

/**
 * Seconds for which a new phone is held. The owner has that long to read the notice on the former phone and to bring that
 * phone back (docs/decisions/0037).
 */
export const phoneHeldSeconds = 24 * 3600;

/** Whether a new phone is held, or a change of phone was undone and its hold is not over. @param now epoch seconds */
export const isHeld = ({ phoneHeldUntil = 0 }: Hold, now: number) => phoneHeldUntil > now;

/**
 * Returns the previous phone while the new one is held. A thief with a session and the password could have moved the
 * account to their own phone. During the hold a reset brings the previous phone back and sets no password, the account
 * cannot be closed, and every notice goes to both phones.
 * @param now epoch seconds
 * @returns undefined if no hold is in force, and after the change was undone
 */
export function heldPhone(hold: Hold, now: number): PhoneOf | undefined {
  const { formerPhone, formerPhoneTag } = hold;
  const held = isHeld(hold, now) && formerPhone !== undefined && formerPhoneTag !== undefined;
  return held ? { phone: formerPhone, phoneTag: formerPhoneTag } : undefined;
}

/**
 * The instant that second factors are judged by. Within a hold it is the beginning of the hold, which a thief's further
 * changes of phone do not move.
 * @param now epoch seconds
 * @returns epoch seconds
 */
export const heldSince = (hold: Hold, now: number): number =>
  heldPhone(hold, now) ? (hold.phoneHeldFrom ?? 0) : now;

/**
 * The directory ids of an account's current and earlier users. Sessions, devices and events are stored under one of
 * these ids.
 */
export const userIdsOf = ({ userId, formerUserIds = [] }: Account): string[] =>
  userId === undefined ? [...formerUserIds] : [userId, ...formerUserIds];

/** The attributes of an account that `AccountStore.change` may set or remove. */
export type AccountChange = Partial<
  Pick<
    Account,
    | 'acceptedTerms'
    | 'exceptSession'
    | 'factorsChangedAt'
    | 'firstTermsVersion'
    | 'newestReset'
    | 'recoveryCodes'
    | 'resetFrom'
    | 'sessionsValidFrom'
    | 'termsVersion'
    | 'totp'
    | 'username'
  >
> & {
  /** Attributes to remove. `exceptSession` is removed implicitly when `sessionsValidFrom` is set without it. */
  readonly remove?: readonly ('recoveryCodes' | 'resetFrom' | 'totp')[];
};

/** The hold of a new phone: its end, and the previous phone. */
export type PhoneHold = Required<Hold>;

/** An account's new phone. A change that a second factor confirmed has no hold. */
export interface PhoneMove extends PhoneOf {
  readonly hold: PhoneHold | undefined;
}

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
  /** The newest time step whose code was accepted. No code is accepted twice (RFC 6238 §5.2). */
  readonly lastStep: number;
}

/** Binds the seal to the account and not to its user: the app stays when a user deleted outside our API is replaced. */
export const totpContext = (usernameTag: string) => `totp:${usernameTag}`;
export const identityContext = (identityTag: string) => `national-id:${identityTag}`;

/** A registration's claim to a username, a national ID and a slot on a phone. */
export interface AccountClaim {
  readonly account: Account;
  /** Hash of the challenge behind the claim. A retry with the same ticket may claim again. */
  readonly holder: string;
  /** Epoch seconds after which another registration may take over the claim. */
  readonly lapsesAt: number;
  readonly accountsPerPhone: number;
  /**
   * Tags of other levels under which username and national ID must be free too. None unless the keys of tags rotate.
   */
  readonly elsewhere: {
    readonly usernameTags: readonly string[];
    readonly identityTags: readonly string[];
  };
}

export type ClaimResult =
  | { readonly kind: 'claimed' }
  /** A registration with the same ticket has already opened the account. */
  | { readonly kind: 'already-active' }
  | { readonly kind: 'username-taken' }
  | { readonly kind: 'identity-registered' }
  | PhoneFull;

/** The account as its subscriber sees it. */
export interface AccountView {
  readonly username: string;
  readonly phone: string;
  readonly nationalId: string;
  readonly audience: Audience;
  readonly identityAssurance: 'self-asserted';
  /** Epoch seconds. */
  readonly createdAt: number;
  /** Version of the newest accepted terms. */
  readonly termsVersion: string;
  /** Whether newer terms wait for acceptance. */
  readonly termsOutdated: boolean;
  /** The authenticators besides password and SMS. */
  readonly secondFactors: { readonly totp: boolean; readonly recoveryCodesLeft: number };
}
