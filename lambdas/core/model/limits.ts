import { stageNumbers, type ValuesOf, type WholeNumbers } from '../values/whole-numbers.ts';

/**
 * The limits that a stage may choose, each with its default and its bounds. This is their only list: a stage's
 * configuration and the functions' environment both derive from it. A bound that a standard sets is a bound here, so that
 * no stage leaves it by mistake.
 */
export const limitSettings = {
  /** Digits of a code. NIST SP 800-63B-4 §3.1.3.2 requires at least 6. */
  codeLength: { default: 6, min: 6, max: 7 },
  /** Seconds for which a code is valid, from its first send. NIST allows at most 600. */
  codeSeconds: { default: 300, min: 60, max: 600 },
  /** Wrong codes after which a challenge is locked. */
  attemptsPerChallenge: { default: 5, max: 10 },
  /** Seconds between two sends of one challenge. */
  resendSeconds: { default: 60, min: 30 },
  /** Sends for each purpose: to a phone, or of an account where the purpose counts by account. */
  sendsPerPhoneAndHour: { default: 3 },
  sendsPerPhoneAndDay: { default: 6 },
  /**
   * SMS of one purpose that a phone gets in a day if every code is verified. A verified code gives its sends back, until
   * only `sendsPerPhoneAndDay` is left to this number. It bounds what a SIM costs whose holder verifies everything
   * (docs/decisions/0046).
   */
  verifiedSmsPerPhoneAndDay: { default: 40 },
  /**
   * Codes of resets that are texted to one phone, over all its accounts; and, counted apart, codes that prove it first. Five accounts may share a phone. Two of them
   * that use up their own budgets leave the others three codes in an hour and in a day. A send beyond it is dropped
   * without a word (docs/decisions/0033).
   */
  resetsPerPhoneAndHour: { default: 9 },
  resetsPerPhoneAndDay: { default: 15 },
  /**
   * Challenges that one address may start in a minute and in an hour. Mobile carriers put thousands of people behind
   * one address.
   */
  sendsPerAddressAndMinute: { default: 60 },
  sendsPerAddressAndHour: { default: 300 },
  /** SMS for registrations and changes of phone that one address may cause in a day, less the credit for verified codes. */
  unverifiedPerAddressAndDay: { default: 25 },
  /** The first of them, which may use all unverified money, and any prefix. Further ones leave a share of it to others. */
  firstCodesPerAddressAndDay: { default: 3 },
  /** Wrong codes in an hour after which an address starts no new challenge. */
  failuresPerAddressAndHour: { default: 300 },
  /** Wrong codes in a day after which a phone or an account starts no new challenge. */
  failuresPerDay: { default: 20, max: 100 },
  /**
   * Wrong codes in a calendar year after which an account starts no new challenge until the next year. Together with
   * the challenges open at that moment, and those of `phoneFirstFailuresPerYear`, the count stays below the 100 of NIST SP 800-63B-4 §3.2.2.
   */
  failuresPerYear: { default: 39, max: 100 },
  /** The same for codes that prove a phone before the password. The guesses of both together stay below it. */
  phoneFirstFailuresPerYear: { default: 20, max: 100 },
  /** Wrong codes in all of Hawiya, in an hour and a day, after which a new challenge allows fewer attempts. */
  failuresPerServiceAndHour: { default: 2000 },
  failuresPerServiceAndDay: { default: 20_000 },
  /** The same limits for registrations and changes of phone of one destination prefix: country and first two digits. */
  failuresPerPrefixAndHour: { default: 1000 },
  failuresPerPrefixAndDay: { default: 10_000 },
  /**
   * Failed logins with a national ID in all of Hawiya, in an hour and a day, after which an ID logs in on recognised
   * browsers only (docs/decisions/0052).
   */
  failedNationalIdLoginsPerHour: { default: 2000 },
  failedNationalIdLoginsPerDay: { default: 20_000 },
  /** The attempts that a new challenge allows while one of these limits is reached, and always where it proves a phone first. */
  attemptsWhileGuessed: { default: 2 },
  /** Code points of the shortest password. NIST SP 800-63B-4 §3.1.1.2: 15 if it is the only factor, else 8. */
  passwordLength: { default: 12, min: 12, max: 64 },
  /**
   * Login attempts on an account from devices that it does not remember, whether the password is right or wrong. Three
   * an hour interrupt every series of wrong passwords for which Cognito would lock out the owner (docs/decisions/0018).
   */
  loginsPerAccountAndHour: { default: 3 },
  loginsPerAccountAndDay: { default: 24 },
  /**
   * The same by national ID, counted apart. One try an hour more keeps Cognito's lock-out at eight seconds, and the day has
   * thirty tries in all (docs/decisions/0052).
   */
  loginsPerNationalIdAndHour: { default: 1 },
  loginsPerNationalIdAndDay: { default: 6 },
  /** Login attempts from one address, on any accounts. */
  loginsPerAddressAndMinute: { default: 60 },
  loginsPerAddressAndHour: { default: 600 },
  /** Login attempts on one remembered device, which has its own budget. */
  loginsPerDeviceAndHour: { default: 20 },
  loginsPerDeviceAndDay: { default: 50 },
  /** Passwords that one ticket of a registration or a reset may be shown with. */
  passwordsPerTicket: { default: 5, max: 10 },
  /** Accounts on one phone. A family may share a phone. */
  accountsPerPhone: { default: 5, max: 50 },
  /** Seconds for which a ticket may be used after its challenge was verified. A form may extend it (docs/decisions/0054). */
  ticketSeconds: { default: 600, max: 600 },
  /** Uses of one ticket, including refused ones, so that a ticket cannot probe for usernames and national IDs. */
  usesPerTicket: { default: 20, max: 100 },
} as const satisfies WholeNumbers;

export type Limits = ValuesOf<typeof limitSettings>;

/** Schema of the limits in a stage's configuration, with the rules between them. */
export const stageLimits = () =>
  stageNumbers(limitSettings)
    .refine((value) => value.sendsPerPhoneAndHour <= value.sendsPerPhoneAndDay, {
      error: 'sendsPerPhoneAndHour must not exceed sendsPerPhoneAndDay',
    })
    // Otherwise no verified code ever gives its send back.
    .refine((value) => value.verifiedSmsPerPhoneAndDay > value.sendsPerPhoneAndDay, {
      error: 'verifiedSmsPerPhoneAndDay must exceed sendsPerPhoneAndDay',
    })
    .refine((value) => value.resetsPerPhoneAndHour <= value.resetsPerPhoneAndDay, {
      error: 'resetsPerPhoneAndHour must not exceed resetsPerPhoneAndDay',
    })
    // Otherwise one pair that is known closes the resets of all other accounts on its phone.
    .refine((value) => value.resetsPerPhoneAndHour >= 2 * value.sendsPerPhoneAndHour, {
      error: 'resetsPerPhoneAndHour must be at least twice sendsPerPhoneAndHour',
    })
    .refine((value) => value.resetsPerPhoneAndDay >= 2 * value.sendsPerPhoneAndDay, {
      error: 'resetsPerPhoneAndDay must be at least twice sendsPerPhoneAndDay',
    })
    .refine((value) => value.firstCodesPerAddressAndDay <= value.unverifiedPerAddressAndDay, {
      error: 'firstCodesPerAddressAndDay must not exceed unverifiedPerAddressAndDay',
    })
    .refine((value) => value.attemptsWhileGuessed <= value.attemptsPerChallenge, {
      error: 'attemptsWhileGuessed must not exceed attemptsPerChallenge',
    })
    .refine((value) => value.failuresPerServiceAndHour <= value.failuresPerServiceAndDay, {
      error: 'failuresPerServiceAndHour must not exceed failuresPerServiceAndDay',
    })
    .refine((value) => value.failedNationalIdLoginsPerHour <= value.failedNationalIdLoginsPerDay, {
      error: 'failedNationalIdLoginsPerHour must not exceed failedNationalIdLoginsPerDay',
    })
    .refine((value) => value.failuresPerPrefixAndHour <= value.failuresPerPrefixAndDay, {
      error: 'failuresPerPrefixAndHour must not exceed failuresPerPrefixAndDay',
    });
