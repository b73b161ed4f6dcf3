import { type Path, paths } from '../../paths.ts';
import { entry, replace } from './router.ts';

/** What the entry of the login page has in `history.state`: where the person was on the way to. */
interface Wanted {
  readonly then: Path;
}

const places: ReadonlySet<string> = new Set(Object.values(paths));

/** To the login, in the place of a page that needs one. @param then where the person wanted to go */
export const redirectToLogin = (then: Path): void =>
  replace(paths.login, { then } satisfies Wanted);

/** Where to go after the login: a page of ours and no other, whatever the entry says. */
export function pageAfterLogin(state: unknown = entry.peek().state): Path {
  const then = (state as Partial<Wanted> | null)?.then;
  return typeof then === 'string' && places.has(then) ? then : paths.account;
}
