import { type Signal, signal } from '@preact/signals';
import { session } from './session.ts';

/** Time without a change; about as long as a ticket lives. */
const FORGET_AFTER_MS = 15 * 60_000;

/**
 * Keeps what was typed in a flow, for a person who goes back or starts again. It is in memory only and gone with the
 * page. A login, the end of a session, and 15 minutes without a change clear it: on a shared device the next person
 * must not find a national ID in a form.
 */
export function createDraft<T>(empty: T): Signal<T> {
  const draft = signal(empty);
  let before = session.peek();
  session.subscribe((now) => {
    if (now !== before && (now === 'in' || before === 'in')) draft.value = empty;
    before = now;
  });
  clearWhenIdle(draft, empty);
  return draft;
}

function clearWhenIdle<T>(draft: Signal<T>, empty: T): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let clearAt = Number.POSITIVE_INFINITY;
  draft.subscribe((typed) => {
    clearTimeout(timer);
    clearAt = typed === empty ? Number.POSITIVE_INFINITY : Date.now() + FORGET_AFTER_MS;
    if (typed !== empty) timer = setTimeout(clear, FORGET_AFTER_MS);
  });
  function clear(): void {
    draft.value = empty;
  }
  // Timers stand still while the page sleeps.
  document.addEventListener('visibilitychange', () => {
    if (Date.now() >= clearAt) clear();
  });
}
