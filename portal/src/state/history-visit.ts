import { randomKey } from './random-key.ts';
import { clearState } from './router.ts';

/**
 * Whose entries of the history these are: a random name that each one is stamped with, and that ends with a login or a session.
 * Back is not to show the next person, in the same tab, how far the one before had come.
 */
let visit = stampOf(history.state) ?? randomKey();

/** What an entry is stamped with. After what renews the visit, or the entry belongs to nobody. */
export const currentVisit = (): string => visit;

export const belongsToVisit = (state: unknown): boolean => stampOf(state) === visit;

/** Somebody else may be here from now on. */
export function startNewVisit(): void {
  visit = randomKey();
  clearOthers();
}

/** Out of the history, too: a reload takes over the visit of the entry that it finds. */
function clearOthers(): void {
  const stamp = stampOf(history.state);
  if (stamp !== undefined && stamp !== visit) clearState();
}

addEventListener('popstate', clearOthers);

function stampOf(state: unknown): string | undefined {
  const stamp = (state as { readonly visit?: unknown } | null)?.visit;
  return typeof stamp === 'string' ? stamp : undefined;
}
