import { DirectoryUnavailable } from '../model/directory-unavailable.ts';
import type { ChargedUnit } from '../model/ledger.ts';
import { Problem } from '../model/problems.ts';
import type { Ports } from '../ports/index.ts';

/**
 * How a call failed that gave no answer about the person. `not-judged`: nobody looked. `answer-lost`: the other side may
 * have judged, and nobody learnt the result.
 */
export type Unjudged = 'not-judged' | 'answer-lost';

/** Returns what was charged for a call. Each is made for one charge, and is called once at most. */
export type Return = (why: Unjudged) => Promise<void>;

/**
 * Runs a call that was charged for. If it gives no answer about the person, what was charged is returned, once
 * (docs/decisions/0032). An answer keeps the charge, whatever it is: a judged guess is never free. A crash keeps it too.
 * A return that fails is lost, because the caller needs the reason of the failure.
 */
export async function returnUnjudged<Result>(
  returns: readonly Return[],
  call: () => Promise<Result>,
): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    const why = unjudgedBy(error);
    if (why) await Promise.allSettled(returns.map((giveBack) => giveBack(why)));
    throw error;
  }
}

/**
 * Lost answers of a ledger's window, or of a device's day, whose charge is returned. The bound keeps Cognito's own
 * lock-out short: Cognito may have counted each as a wrong password (docs/decisions/0018).
 */
export const lostAnswersReturned = 3;

/** Returns a ledger's unit. */
export const returnOf =
  ({ ledgers }: Pick<Ports, 'ledgers'>, { charge, at }: ChargedUnit): Return =>
  (why) =>
    why === 'not-judged'
      ? ledgers.returnUnit(charge, at)
      : ledgers.returnLostAnswer(charge, at, lostAnswersReturned);

/** @returns undefined for an answer */
export function unjudgedBy(error: unknown): Unjudged | undefined {
  if (error instanceof DirectoryUnavailable) return error.answerLost ? 'answer-lost' : 'not-judged';
  // Other writers held the item: the table changed nothing.
  if (error instanceof Problem) return error.code === 'unavailable' ? 'not-judged' : undefined;
  // An error that no adapter knows. It is no answer, but the call may have done its work.
  return 'answer-lost';
}
