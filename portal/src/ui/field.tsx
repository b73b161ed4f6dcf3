import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { FieldState } from '../state/form.ts';
import { ToneIcon } from './tone-icon.tsx';

export interface FieldProps {
  readonly field: FieldState;
  readonly label: string;
  readonly hint?: string;
  /** The id of what describes it besides. */
  readonly about?: string;
  readonly type?: 'text' | 'tel' | 'password';
  readonly autocomplete?: string;
  readonly inputMode?: 'numeric' | 'tel' | 'text';
  /** For what is read from the left in every language: numbers, usernames. */
  readonly ltr?: boolean;
  readonly code?: boolean;
  /** In the box, after the input. */
  readonly inside?: ComponentChildren;
  /** Below it, and described by it. */
  readonly below?: ComponentChildren;
  /** Takes what was typed, instead of the field. */
  readonly onType?: (typed: string) => void;
}

/** A labelled input with its hint and what is wrong with it, tied together for who does not see them side by side. */
export function Field(props: FieldProps) {
  const { field, label, hint, about, type = 'text', inside, below } = props;
  const id = useId();
  const wrong = field.error.value?.();
  const described = [about, hint && `${id}-hint`, wrong && `${id}-wrong`, below && `${id}-below`];
  return (
    <div class="field">
      <label class="field__label" for={id}>
        {label}
      </label>
      {hint && (
        <span class="field__hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      <div class={inside ? 'field__box field__box--show' : 'field__box'}>
        <input
          {...attributes(props)}
          ref={asTyped}
          type={type as 'text'}
          id={id}
          aria-invalid={wrong ? 'true' : undefined}
          aria-describedby={described.filter(Boolean).join(' ') || undefined}
        />
        {inside}
      </div>
      {wrong && (
        <p class="field__error" id={`${id}-wrong`}>
          <ToneIcon tone="wrong" />
          <span>{wrong}</span>
        </p>
      )}
      {below && <div id={`${id}-below`}>{below}</div>}
    </div>
  );
}

/** As an attribute: as a property `off` is true, in browsers that know it as one. */
const asTyped = (input: HTMLInputElement | null) => input?.setAttribute('autocorrect', 'off');

function attributes(props: FieldProps) {
  const { field, autocomplete = 'off', inputMode, ltr, code, onType } = props;
  return {
    name: field.name,
    autocomplete,
    inputMode,
    class: `field__input${ltr ? ' ltr' : ''}${code ? ' field__input--code' : ''}`,
    dir: ltr ? ('ltr' as const) : ('auto' as const),
    autocapitalize: 'none' as const,
    spellcheck: false,
    'aria-required': true,
    value: field.value.value,
    onInput: ({ currentTarget }: { readonly currentTarget: HTMLInputElement }) => {
      const typed = currentTarget.value;
      if (onType) onType(typed);
      else field.value.value = typed;
      // What is being corrected is not wrong any more; whether it is right is said when it is sent.
      field.error.value = undefined;
      // Where what was typed is read as the same value again, nothing would be drawn.
      if (currentTarget.value !== field.value.value) currentTarget.value = field.value.value;
    },
  };
}
