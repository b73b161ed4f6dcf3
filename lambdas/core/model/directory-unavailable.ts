import { Problem } from './problems.ts';

/** Seconds after which a request that the directory did not answer may be sent again. */
const retryAfter = 2;

/**
 * The directory gave no answer about the person. Whoever charged for the call gives the charge back
 * (docs/decisions/0032). The API answers `unavailable`.
 */
export class DirectoryUnavailable extends Problem {
  /**
   * Whether the directory may have done what it was asked: the request left, and the answer was lost. False if the
   * directory refused before it looked, as it does when it throttles.
   */
  readonly answerLost: boolean;

  constructor(answerLost: boolean, extras: { readonly retryAfter?: number } = {}, cause?: unknown) {
    super('unavailable', { retryAfter, ...extras }, { cause });
    this.answerLost = answerLost;
  }
}
