import { signal } from '@preact/signals';

/** What screen readers are to say: politely, when they are done with what they say; or at once. */
export const spoken = { polite: signal(''), assertive: signal('') };

/** Milliseconds. What was said is not to be found again later, by who reads through the page. */
const kept = 5_000;
const clearing: Partial<Record<keyof typeof spoken, ReturnType<typeof setTimeout>>> = {};

/** Says something to whoever does not see it. The same words twice are said twice. */
export function announce(text: string, how: keyof typeof spoken = 'polite'): void {
  const region = spoken[how];
  region.value = '';
  clearTimeout(clearing[how]);
  // A region that changes back within a frame has not changed.
  setTimeout(() => {
    region.value = text;
    clearing[how] = setTimeout(() => {
      region.value = '';
    }, kept);
  }, 60);
}
