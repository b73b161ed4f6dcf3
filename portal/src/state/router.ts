import { signal } from '@preact/signals';

/** An entry of the browser's history. */
export interface Entry {
  readonly path: string;
  /** What a step of a flow needs to survive back and reload. Never in the URL, never in web storage. */
  readonly state: unknown;
  /** Whether the person came here by going on, and not by loading the page. */
  readonly arrived: boolean;
}

const read = (arrived: boolean): Entry => ({
  path: location.pathname.replace(/(.)\/+$/, '$1'),
  state: history.state,
  arrived,
});

/** Where the person is. */
export const entry = signal<Entry>(read(false));

addEventListener('popstate', () => {
  entry.value = read(true);
});

/** Goes on to a page or a step; back returns to this one. */
export function go(path: string, state: unknown = null): void {
  history.pushState(state, '', path);
  entry.value = read(true);
  scrollTo(0, 0);
}

/** Forgets what the entry holds, and stays. */
export function clearState(): void {
  history.replaceState(null, '');
  entry.value = { ...entry.peek(), state: null };
}

/** Takes the place of this page or step: for those that are used up, to which there is no way back. */
export function replace(path: string, state: unknown = null): void {
  history.replaceState(state, '', path);
  entry.value = read(true);
  scrollTo(0, 0);
}
