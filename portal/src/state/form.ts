import { type Signal, signal } from '@preact/signals';
import { t } from '../i18n/index.ts';
import { announce } from './announce.ts';

/** Says what is wrong with a field, anew in each language; undefined where nothing is. */
export type FieldError = (() => string | undefined) | undefined;

export interface FieldState {
  /** The `name` of the input, and the field's path in the API's body. */
  readonly name: string;
  readonly value: Signal<string>;
  readonly wrong: Signal<FieldError>;
  readonly check: (value: string) => FieldError;
}

/**
 * A field of a form.
 * @param check what a value is wrong for, where there is one
 * @param missing what to say where there is none
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
    wrong: signal<FieldError>(undefined),
    check: (value) => (value === '' ? missing : check(value)),
  };
}

/** Checks all; on a mistake the first wrong field gets the focus, and what is wrong is said. @returns whether all are right */
export function validateFields(fields: readonly FieldState[]): boolean {
  for (const field of fields) field.error.value = field.check(field.value.value);
  return !showFieldErrors(fields);
}

/** Moves to the first wrong field, if there is one, and says what is wrong. */
export function showFieldErrors(fields: readonly FieldState[]): boolean {
  const wrong = fields.filter((field) => field.error.value !== undefined);
  const [first] = wrong;
  if (!first) return false;
  if (wrong.length > 1) announce(t('fieldsWrong', { count: wrong.length }), 'assertive');
  // After the drawing: the field then says why it is wrong.
  setTimeout(() => document.getElementsByName(first.name)[0]?.focus());
  return true;
}
