import { type Path, paths } from '../../paths.ts';
import { entry, replace } from './router.ts';

/** What `history.state` of the login page holds: the page that the person wanted. */
interface LoginRedirect {
  readonly then: Path;
}

const knownPaths: ReadonlySet<string> = new Set(Object.values(paths));

/** Puts the login page in the place of a page that needs a session. @param then the page to show after the login */
export const redirectToLogin = (then: Path): void =>
  replace(paths.login, { then } satisfies LoginRedirect);

/** The page to show after the login. Only a path of the portal counts, whatever the history entry holds. */
export function pageAfterLogin(state: unknown = entry.peek().state): Path {
  const then = (state as Partial<LoginRedirect> | null)?.then;
  return typeof then === 'string' && knownPaths.has(then) ? then : paths.account;
}
