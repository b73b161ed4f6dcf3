/** How often providers are tried for one send. */
export interface RetryPolicy {
  /**
   * Seconds to wait after each attempt without a definite answer before the same provider is tried again. After the last
   * of them it is not tried again, because each attempt may send one more SMS.
   */
  readonly silences: readonly number[];
  /** Rounds after which a failure that is no trouble of the provider counts as a refusal. */
  readonly roundsOfDeclining: number;
}

/**
 * Codes get a second attempt: a function that crashes before its call leaves the same entry as one that crashes after
 * it. An outage shorter than the wait uses up one attempt. A few declined rounds count as a refusal, because a stranger
 * may have chosen the number.
 */
export const codeRetryPolicy: RetryPolicy = { silences: [45], roundsOfDeclining: 3 };

/**
 * Notices get six attempts at growing intervals, so that a provider that times out for hours still has some left when it
 * is back. The last comes a few minutes before the notice expires. The phone has received a code before, so a provider
 * that declines it is in trouble, whatever its answer says.
 */
export const noticeRetryPolicy: RetryPolicy = {
  silences: [900, 1800, 3600, 7200, 7200],
  roundsOfDeclining: Number.POSITIVE_INFINITY,
};

/** The number of attempts of one send at one provider that gives no definite answer. */
export const maxAttemptsPerProvider = ({ silences }: RetryPolicy): number => silences.length + 1;
