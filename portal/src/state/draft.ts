import { type Signal, signal } from '@preact/signals';
import { session } from './session.ts';

/**
 * What was typed in a flow, for who goes back or has to start again: in memory only, gone with the page. A login and its end
 * clear it: whoever is there next, on a device that people share, is not to find the other's national ID in a form.
 */
export function createDraft<T>(nothing: T): Signal<T> {
  const draft = signal(nothing);
  let before = session.peek();
  session.subscribe((now) => {
    if (now !== before && (now === 'in' || before === 'in')) draft.value = nothing;
    before = now;
  });
  return draft;
}
