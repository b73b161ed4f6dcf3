import { computed, type Signal, signal } from '@preact/signals';
import { t } from '../i18n/index.ts';

/** Returns what is wrong with a field, in the page's language; undefined for a valid field. */
export type FieldError = (() => string | undefined) | undefined;

export interface FieldState {
  /** The `name` of the input, and the field's path in the request body. */
  readonly name: string;
  /** What the page calls it, in the page's language; empty before it is shown. */
  readonly label: Signal<string>;
  readonly value: Signal<string>;
  readonly error: Signal<FieldError>;
  readonly check: (value: string) => FieldError;
  /** Writes a valid value as the server reads it. */
  readonly tidy: (value: string) => string;
}

/**
 * Creates a field of a form.
 * @param check returns the error of a value that is not empty
 * @param missing returns the error text of a value that is empty or blank
 */
export function createField(
  name: string,
  initial = '',
  check: (value: string) => FieldError = () => undefined,
  missing: () => string = () => t('required'),
): FieldState {
  return {
    name,
    label: signal(''),
    value: signal(initial),
    error: signal<FieldError>(undefined),
    check: (value) => (value.trim() === '' ? missing : check(value)),
    tidy: (value) => value,
  };
}

/** A field whose valid value is shown as `read` reads it. */
export const tidied = (
  field: FieldState,
  read: (value: string) => string | undefined,
): FieldState => ({ ...field, tidy: (value) => read(value) ?? value });

interface WrongField {
  readonly field: FieldState;
  readonly error: NonNullable<FieldError>;
}

/** The fields that were wrong when the form was last submitted. */
export const wrongFields = signal<readonly WrongField[]>([]);

/** Whether one of them still is. */
export const isAnyWrong = computed(() =>
  wrongFields.value.some(({ field }) => field.error.value !== undefined),
);

/**
 * Checks every field, and tidies those that are valid. Shows the errors as `showFieldErrors` does.
 * @returns whether every field is valid
 */
export function validateFields(fields: readonly FieldState[]): boolean {
  for (const { value, error, check, tidy } of fields) {
    error.value = check(value.value);
    if (!error.value) value.value = tidy(value.value);
  }
  return !showFieldErrors(fields);
}

/**
 * Focuses the field that has an error. If several have one, `ui/error-summary.tsx` lists them and takes the focus.
 * @returns whether a field has an error
 */
export function showFieldErrors(fields: readonly FieldState[]): boolean {
  const wrong = fields.flatMap((field) => {
    const error = field.error.value;
    return error ? [{ field, error }] : [];
  });
  wrongFields.value = wrong;
  const [first] = wrong;
  if (!first) return false;
  // Wait for the render: the screen reader then reads the error together with the field.
  if (wrong.length === 1) setTimeout(() => focusField(first.field.name));
  return true;
}

/** @param name of its input */
export const focusField = (name: string): void => document.getElementsByName(name)[0]?.focus();
