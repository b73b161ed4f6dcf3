/** A phone number of the operator, for app store reviewers. Hawiya never sends an SMS to it. */
export interface ReviewNumber {
  /** E.164 */
  readonly phone: string;
  /**
   * The first and last day of its listing, both included, in UTC: `2026-12-01`. On other days it is an ordinary
   * number.
   */
  readonly from: string;
  readonly until: string;
  /** Codes that may be requested for it in a day, for each purpose. */
  readonly sendsPerDay: number;
}

/** The challenges that a reviewers' code may verify. */
export interface ReviewedPhones {
  readonly phoneTags: readonly string[];
  /**
   * Epoch seconds. The code verifies no challenge that was started earlier, when the number was still an ordinary one.
   */
  readonly since: number;
}
