import { signal } from '@preact/signals';

/**
 * What screen readers say. `polite` waits until the reader has finished its sentence, `assertive` interrupts it.
 * `ui/live-regions.tsx` puts both on the page.
 */
export const spoken = { polite: signal(''), assertive: signal('') };

/** An old announcement is removed, so that a person who reads through the page does not find it later. */
const CLEAR_AFTER_MS = 5_000;
/** A live region that is emptied and filled within one frame counts as unchanged. */
const FILL_AFTER_MS = 60;

const clearing: Partial<Record<keyof typeof spoken, ReturnType<typeof setTimeout>>> = {};

/** Has screen readers say a text. The same text twice is said twice. */
export function announce(text: string, how: keyof typeof spoken = 'polite'): void {
  const region = spoken[how];
  region.value = '';
  clearTimeout(clearing[how]);
  setTimeout(() => {
    region.value = text;
    clearing[how] = setTimeout(() => {
      region.value = '';
    }, CLEAR_AFTER_MS);
  }, FILL_AFTER_MS);
}
