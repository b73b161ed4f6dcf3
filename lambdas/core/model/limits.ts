/**
 * The limits that a stage may choose. `lib/config/stage-config.ts` validates them and passes them to the functions in
 * one environment variable.
 */
export interface Limits {
  /** Digits of a code. NIST SP 800-63B-4 §3.1.3.2 requires at least 6. */
  readonly codeLength: number;
  /** Seconds for which a code is valid, from its first send. NIST allows at most 600. */
  readonly codeSeconds: number;
  /** Wrong codes after which a challenge is locked. */
  readonly attemptsPerChallenge: number;
  /** Seconds between two sends of one challenge. */
  readonly resendSeconds: number;
  readonly sendsPerPhoneAndHour: number;
  readonly sendsPerPhoneAndDay: number;
  /**
   * Challenges that one address may start in a minute and in an hour. Mobile carriers put thousands of people behind
   * one address.
   */
  readonly sendsPerAddressAndMinute: number;
  readonly sendsPerAddressAndHour: number;
  /** Registrations and changes of phone that one address may start in an hour, less the credit for verified codes. */
  readonly unverifiedPerAddressAndHour: number;
  /** Wrong codes in an hour after which an address starts no new challenge. */
  readonly failuresPerAddressAndHour: number;
  /** Wrong codes in a day after which a phone or an account starts no new challenge. */
  readonly failuresPerDay: number;
  /**
   * Wrong codes in a calendar year after which an account starts no new challenge until the next year. Together with
   * the challenges open at that moment, the count stays below the 100 of NIST SP 800-63B-4 §3.2.2.
   */
  readonly failuresPerYear: number;
  /** Wrong codes in all of Hawiya, in an hour and a day, after which a new challenge allows fewer attempts. */
  readonly failuresPerServiceAndHour: number;
  readonly failuresPerServiceAndDay: number;
  /** The same limits for registrations and changes of phone of one destination prefix: country and first two digits. */
  readonly failuresPerPrefixAndHour: number;
  readonly failuresPerPrefixAndDay: number;
  /** The attempts that a new challenge allows while one of these limits is reached. */
  readonly attemptsWhileGuessed: number;
  /** Code points of the shortest password. NIST SP 800-63B-4 §3.1.1.2: 15 if it is the only factor, else 8. */
  readonly passwordLength: number;
  /**
   * Login attempts on an account from devices that it does not remember, whether the password is right or wrong. Three
   * an hour interrupt every series of wrong passwords for which Cognito would lock out the owner (docs/decisions/0018).
   */
  readonly loginsPerAccountAndHour: number;
  readonly loginsPerAccountAndDay: number;
  /** Login attempts from one address, on any accounts. */
  readonly loginsPerAddressAndMinute: number;
  readonly loginsPerAddressAndHour: number;
  /** Login attempts on one remembered device, which has its own budget. */
  readonly loginsPerDeviceAndHour: number;
  readonly loginsPerDeviceAndDay: number;
  /** Accounts on one phone. A family may share a phone. */
  readonly accountsPerPhone: number;
  /** Seconds for which a ticket may be used after its challenge was verified. */
  readonly ticketSeconds: number;
  /** Uses of one ticket, including refused ones, so that a ticket cannot probe for usernames and national IDs. */
  readonly usesPerTicket: number;
}
