/** How long providers are asked for one send. */
export interface RetryPolicy {
  /**
   * Seconds after each time that a provider said nothing before it is asked again, and after the last of them never
   * more: each ask may be one more SMS.
   */
  readonly silences: readonly number[];
  /** Rounds after which what is declined without a rule for it counts as refused. */
  readonly roundsOfDeclining: number;
}

/**
 * A second ask, because a function that dies before it asks leaves the same note as one that dies after; an outage
 * shorter than the silence uses up one. Declining is believed soon: numbers are a stranger's choice.
 */
export const codeRetryPolicy: RetryPolicy = { silences: [45], roundsOfDeclining: 3 };

/**
 * Six asks, further and further apart, so that a provider which times out for hours has not used them up before it is
 * back: the last comes a few minutes before a notice is over. The phone has had a code, so who declines it is in trouble,
 * whatever they say.
 */
export const noticeRetryPolicy: RetryPolicy = {
  silences: [900, 1800, 3600, 7200, 7200],
  roundsOfDeclining: Number.POSITIVE_INFINITY,
};

/** How often one provider may be asked for one send without a definite answer. */
export const maxAttemptsPerProvider = ({ silences }: RetryPolicy): number => silences.length + 1;
