import { computed, type ReadonlySignal } from '@preact/signals';
import { belongsToVisit, currentVisit } from './history-visit.ts';
import { entry, go, replace, updateState } from './router.ts';

/** A step of a flow with its data. `history.state` stores it: plain data only, no password, no national ID. */
export interface Step {
  readonly step: string;
}

export interface Flow<S extends Step> {
  /** The current step, read from the history entry. Back, forward and reload therefore work without other storage. */
  readonly current: ReadonlySignal<S>;
  /** Goes to the next step; back returns to this one. */
  readonly go: (next: S) => void;
  /** Puts the next step in the place of this one, for a step that is used up: a verified code, an open account. */
  readonly replace: (next: S) => void;
  /** Changes the data of this step, and nothing that the person sees moves. */
  readonly update: (next: S) => void;
}

/** The history state of a step. Pass it to `Link` to enter another flow at that step. */
export const entryOf = <S extends Step>(flow: string, next: S) => ({
  flow,
  next,
  visit: currentVisit(),
});

/**
 * Opens a flow of steps at one path.
 * @param first the step it starts with, also used for a history entry of another flow
 */
export function openFlow<S extends Step>(path: string, first: S): Flow<S> {
  return {
    current: computed(() => {
      const { state } = entry.value;
      return belongsToFlow<S>(path, state) ? state.next : first;
    }),
    go: (next) => go(path, entryOf(path, next)),
    replace: (next) => replace(path, entryOf(path, next)),
    update: (next) => updateState(entryOf(path, next)),
  };
}

const belongsToFlow = <S>(flow: string, state: unknown): state is { readonly next: S } =>
  belongsToVisit(state) && (state as { readonly flow?: unknown }).flow === flow;
