import { signal } from '@preact/signals';

/** An entry of the browser's history. */
export interface Entry {
  readonly path: string;
  /** What a step of a flow needs after back or reload. It is never in the URL and never in web storage. */
  readonly state: unknown;
  /** Whether the person navigated here inside the portal; false after a page load. */
  readonly arrived: boolean;
}

const read = (arrived: boolean): Entry => ({
  path: location.pathname.replace(/(.)\/+$/, '$1'),
  state: history.state,
  arrived,
});

/** The current history entry. */
export const entry = signal<Entry>(read(false));

addEventListener('popstate', () => {
  entry.value = read(true);
});

/** Goes to a page or a step; back returns to this one. */
export function go(path: string, state: unknown = null): void {
  history.pushState(state, '', path);
  entry.value = read(true);
  scrollTo(0, 0);
}

/** Changes the state of the current entry without navigating: the person stays where they are. */
export function updateState(state: unknown): void {
  history.replaceState(state, '');
  entry.value = { ...entry.peek(), state };
}

/** Clears the state of the current entry without navigating. */
export const clearState = (): void => updateState(null);

/** Goes to a page or a step that takes the place of this one: back does not return to a step that is used up. */
export function replace(path: string, state: unknown = null): void {
  history.replaceState(state, '', path);
  entry.value = read(true);
  scrollTo(0, 0);
}
