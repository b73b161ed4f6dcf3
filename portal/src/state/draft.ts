import { type Signal, signal } from '@preact/signals';
import { session } from './session.ts';

/**
 * What was typed in a flow, for who goes back or has to start again: in memory only, gone with the page. A login and its end
 * clear it, and so does a quarter of an hour without another word: whoever is there next, on a device that people share, is not
 * to find the other's national ID in a form.
 */
export function createDraft<T>(nothing: T): Signal<T> {
  const draft = signal(nothing);
  let before = session.peek();
  session.subscribe((now) => {
    if (now !== before && (now === 'in' || before === 'in')) draft.value = nothing;
    before = now;
  });
  forgetLater(draft, nothing);
  return draft;
}

/** Milliseconds, about as long as a ticket lives. */
const patience = 15 * 60_000;

function forgetLater<T>(draft: Signal<T>, nothing: T): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let until = Number.POSITIVE_INFINITY;
  draft.subscribe((typed) => {
    clearTimeout(timer);
    until = typed === nothing ? Number.POSITIVE_INFINITY : Date.now() + patience;
    if (typed !== nothing) timer = setTimeout(forget, patience);
  });
  function forget(): void {
    draft.value = nothing;
  }
  // Timers of a page that sleeps stand still.
  document.addEventListener('visibilitychange', () => {
    if (Date.now() >= until) forget();
  });
}
