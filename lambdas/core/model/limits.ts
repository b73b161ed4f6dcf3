/**
 * The numbers a stage may choose. `lib/config/stage-config.ts` validates them and hands them to the functions as one
 * environment variable; nothing else in the code holds a limit.
 */
export interface Limits {
  /** Digits of a code. NIST SP 800-63B-4 §3.1.3.2 wants 6 at least. */
  readonly codeLength: number;
  /** Seconds a code verifies, from its first send. NIST allows 600. */
  readonly codeSeconds: number;
  /** Wrong codes one challenge takes before it is locked. */
  readonly attemptsPerChallenge: number;
  /** Seconds between two sends of one challenge. */
  readonly resendSeconds: number;
  readonly sendsPerPhoneAndHour: number;
  readonly sendsPerPhoneAndDay: number;
  /** Challenges one address may start in a minute and in an hour. Carriers put thousands of people behind one. */
  readonly sendsPerAddressAndMinute: number;
  readonly sendsPerAddressAndHour: number;
  /** Registrations and changes of phone one address may start in an hour beyond those that verified codes make up for. */
  readonly unverifiedPerAddressAndHour: number;
  /** Wrong codes in an hour after which an address starts no new challenge. */
  readonly failuresPerAddressAndHour: number;
  /** Wrong codes in a day after which a phone or an account starts no new challenge. */
  readonly failuresPerDay: number;
  /**
   * Wrong codes in a calendar year after which an account starts no new challenge until the next: with what may be
   * open at that moment it stays below the 100 of NIST SP 800-63B-4 §3.2.2.
   */
  readonly failuresPerYear: number;
  /** Wrong codes of the whole service, in an hour and a day, after which a new challenge takes fewer tries. */
  readonly failuresPerServiceAndHour: number;
  readonly failuresPerServiceAndDay: number;
  /** The same of the registrations and changes of phone of a destination prefix: country and first two digits. */
  readonly failuresPerPrefixAndHour: number;
  readonly failuresPerPrefixAndDay: number;
  /** The tries it takes then. */
  readonly attemptsWhileGuessed: number;
  /** Code points of the shortest password. NIST SP 800-63B-4 §3.1.1.2: 15 where it is the only factor, else 8. */
  readonly passwordLength: number;
  /**
   * Passwords an account may be asked for on devices it does not know, right or wrong. Three an hour break every row of
   * wrong ones that Cognito would lock its owner out for (docs/decisions/0018).
   */
  readonly loginsPerAccountAndHour: number;
  readonly loginsPerAccountAndDay: number;
  /** The same of one address, whoever's accounts. */
  readonly loginsPerAddressAndMinute: number;
  readonly loginsPerAddressAndHour: number;
  /** The same of one remembered device, which has a budget of its own. */
  readonly loginsPerDeviceAndHour: number;
  readonly loginsPerDeviceAndDay: number;
  /** Accounts one phone may hold: it may serve a family. */
  readonly accountsPerPhone: number;
  /** Seconds a ticket may be used after its challenge was verified. */
  readonly ticketSeconds: number;
  /** Uses one ticket takes, refused ones too: a ticket is no tool for probing usernames and IDs. */
  readonly usesPerTicket: number;
}
