/** A number of the operator's own, for the people who review apps for their stores: it is never texted. */
export interface ReviewNumber {
  /** E.164 */
  readonly phone: string;
  /** Its first and last day, whole days of UTC: `2026-12-01`. Before and after it is a number like any other. */
  readonly from: string;
  readonly until: string;
  /** Codes it may be asked for in a day, for each purpose. */
  readonly sendsPerDay: number;
}

/** Whose challenges a reviewers' code verifies. */
export interface ReviewedPhones {
  readonly phoneTags: readonly string[];
  /** Of none that was started before, when they were numbers like any other. Epoch seconds. */
  readonly since: number;
}
