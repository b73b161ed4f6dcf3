import { computed, type ReadonlySignal } from '@preact/signals';
import { belongsToVisit, currentVisit } from './history-visit.ts';
import { entry, go, replace } from './router.ts';

/** A step of a flow: its name, and what it needs. Only what `history.state` may hold: plain data, no password, no ID. */
export interface Step {
  readonly step: string;
}

export interface Flow<S extends Step> {
  /** Where the person is, from the entry of the history: back, forward and reload need nothing else. */
  readonly current: ReadonlySignal<S>;
  /** The next step; back returns to this one. */
  readonly go: (next: S) => void;
  /** The next step in the place of this one, which is used up: a verified code, an open account. */
  readonly replace: (next: S) => void;
}

/** What the history's entry of a step holds; for a way into the middle of a flow from another one. */
export const entryOf = <S extends Step>(flow: string, next: S) => ({
  flow,
  next,
  visit: currentVisit(),
});

/** A flow of steps at one path. @param first where it starts, and starts again where the entry is of another flow */
export function openFlow<S extends Step>(path: string, first: S): Flow<S> {
  return {
    current: computed(() => {
      const { state } = entry.value;
      return isOf<S>(path, state) ? state.next : first;
    }),
    go: (next) => go(path, entryOf(path, next)),
    replace: (next) => replace(path, entryOf(path, next)),
  };
}

const isOf = <S>(flow: string, state: unknown): state is { readonly next: S } =>
  belongsToVisit(state) && (state as { readonly flow?: unknown }).flow === flow;
