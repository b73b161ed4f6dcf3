import { type Signal, signal } from '@preact/signals';
import { t } from '../i18n/index.ts';
import { announce } from './announce.ts';

/** Returns what is wrong with a field, in the page's language; undefined for a valid field. */
export type FieldError = (() => string | undefined) | undefined;

export interface FieldState {
  /** The `name` of the input, and the field's path in the request body. */
  readonly name: string;
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

/**
 * Checks every field, and tidies those that are valid. On an error it focuses the first invalid field and announces the
 * count.
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
 * Focuses the first field that has an error, and announces how many have one.
 * @returns whether a field has an error
 */
export function showFieldErrors(fields: readonly FieldState[]): boolean {
  const invalid = fields.filter((field) => field.error.value !== undefined);
  const [first] = invalid;
  if (!first) return false;
  if (invalid.length > 1) announce(t('fieldsWrong', { count: invalid.length }), 'assertive');
  // Wait for the render: the screen reader then reads the error together with the field.
  setTimeout(() => document.getElementsByName(first.name)[0]?.focus());
  return true;
}
