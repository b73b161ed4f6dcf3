import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { FieldState } from '../state/form.ts';
import { ToneIcon } from './tone-icon.tsx';

interface FieldProps {
  readonly field: FieldState;
  readonly label: string;
  readonly hint?: string;
  /** The id of another element that describes it. */
  readonly describedBy?: string;
  readonly type?: 'text' | 'tel' | 'password';
  readonly autocomplete?: string;
  readonly inputMode?: 'numeric' | 'tel' | 'text';
  /** For content that is written from the left in every language: numbers, usernames. */
  readonly ltr?: boolean;
  /** Shows the value as a code: large, spaced digits. */
  readonly code?: boolean;
  /** Shown in the box, after the input. */
  readonly inside?: ComponentChildren;
  /** Shown below the input, and part of its description. */
  readonly below?: ComponentChildren;
  /** Handles what was typed; without it the field takes the value unchanged. */
  readonly onType?: (typed: string) => void;
}

/** An input with its label, hint and error. ARIA attributes tie them together for screen readers. */
export function Field(props: FieldProps) {
  const { field, label, hint, describedBy, type = 'text', inside, below } = props;
  const id = useId();
  useLayoutEffect(() => {
    field.label.value = label;
  }, [field, label]);
  const error = field.error.value?.();
  const descriptions = [
    describedBy,
    hint && `${id}-hint`,
    error && `${id}-wrong`,
    below && `${id}-below`,
  ];
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
          {...useValue(props)}
          type={type as 'text'}
          id={id}
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={descriptions.filter(Boolean).join(' ') || undefined}
        />
        {inside}
      </div>
      {error && (
        <p class="field__error" id={`${id}-wrong`}>
          <ToneIcon tone="wrong" />
          <span>{error}</span>
        </p>
      )}
      {below && <div id={`${id}-below`}>{below}</div>}
    </div>
  );
}

function attributes(props: FieldProps) {
  const { field, autocomplete = 'off', inputMode, ltr, code } = props;
  return {
    name: field.name,
    autocomplete,
    inputMode,
    class: `field__input${ltr ? ' ltr' : ''}${code ? ' field__input--code' : ''}`,
    dir: ltr ? ('ltr' as const) : ('auto' as const),
    autocapitalize: 'none' as const,
    spellcheck: false,
    'aria-required': true,
  };
}

/** Ties the input's value to the field's. */
function useValue({ field, onType }: FieldProps) {
  const input = useRef<HTMLInputElement | null>(null);
  /** What the input held when the field last knew of it. */
  const known = useRef('');
  useLayoutEffect(() => {
    // Hydration leaves the input of the HTML file empty. What a person has typed into it by now wins.
    if (input.current?.value === '') input.current.value = field.value.peek();
  }, []);
  let value = field.value.value;
  const held = input.current?.value ?? known.current;
  if (held === known.current) known.current = value;
  // Filled in without an event: the field's value would empty the input. The form asks it when it is submitted.
  else value = held;

  function take(typed: HTMLInputElement): void {
    if (onType) onType(typed.value);
    else field.value.value = typed.value;
    // The error goes as soon as the person corrects the value; submitting checks it again.
    field.error.value = undefined;
    // If `onType` reads the input as the same value as before, the signal causes no render: reset the input here.
    if (typed.value !== field.value.value) typed.value = field.value.value;
    known.current = typed.value;
  }
  return {
    ref: (element: HTMLInputElement | null) => {
      input.current = element;
      // As an attribute: browsers that have a property of that name read the string `off` as true.
      element?.setAttribute('autocorrect', 'off');
    },
    value,
    onInput: ({ currentTarget }: Typed) => take(currentTarget),
    // Some password managers send no other event. After an `input` event it tells nothing new.
    onChange: ({ currentTarget }: Typed) => {
      if (currentTarget.value !== field.value.peek()) take(currentTarget);
    },
  };
}

interface Typed {
  readonly currentTarget: HTMLInputElement;
}
