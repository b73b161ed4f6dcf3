import { randomKey } from './random-key.ts';
import { clearState } from './router.ts';

/**
 * A random name that every history entry of a flow is stamped with. A login and the end of a session start a new visit.
 * Back in the same tab then shows the next person nothing of the steps before.
 */
let visit = stampOf(history.state) ?? randomKey();

/** The stamp for a new entry. Read it after `startNewVisit`, or the entry is unreadable. */
export const currentVisit = (): string => visit;

export const belongsToVisit = (state: unknown): boolean => stampOf(state) === visit;

/** Starts a new visit: from now on another person may use this tab. */
export function startNewVisit(): void {
  visit = randomKey();
  clearForeignEntry();
}

/** Clears an entry of another visit. A reload would otherwise take over the visit of the entry it finds. */
function clearForeignEntry(): void {
  const stamp = stampOf(history.state);
  if (stamp !== undefined && stamp !== visit) clearState();
}

addEventListener('popstate', clearForeignEntry);

function stampOf(state: unknown): string | undefined {
  const stamp = (state as { readonly visit?: unknown } | null)?.visit;
  return typeof stamp === 'string' ? stamp : undefined;
}
