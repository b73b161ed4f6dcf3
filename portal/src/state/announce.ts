import { signal } from '@preact/signals';

/** What screen readers are to say: politely, when they are done with what they say; or at once. */
export const spoken = { polite: signal(''), assertive: signal('') };

/** Says something to whoever does not see it. The same words twice are said twice. */
export function announce(text: string, how: keyof typeof spoken = 'polite'): void {
  const region = spoken[how];
  region.value = '';
  // A region that changes back within a frame has not changed.
  setTimeout(() => {
    region.value = text;
  }, 60);
}
