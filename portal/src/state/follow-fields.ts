import { effect, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { FieldState } from './form.ts';

/**
 * Keeps what fields hold in a draft, at every change: a phone that drops a tab does not tell it first. The fields have
 * the names of the draft's parts. A draft with a challenge is left alone: the challenge belongs to what was typed then.
 */
export function useFollowedFields<T extends object>(
  draft: Signal<T>,
  fields: readonly FieldState[],
): void {
  useEffect(
    () =>
      effect(() => {
        const typed = Object.fromEntries(fields.map(({ name, value }) => [name, value.value]));
        if (!('challenge' in draft.peek())) draft.value = { ...draft.peek(), ...typed };
      }),
    [],
  );
}
