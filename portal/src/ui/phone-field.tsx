import type { FieldState } from '../state/form.ts';
import { Field } from './field.tsx';

interface PhoneFieldProps {
  readonly field: FieldState;
  readonly label: string;
  readonly hint: string;
}

export const PhoneField = ({ field, label, hint }: PhoneFieldProps) => (
  <Field
    field={field}
    label={label}
    hint={hint}
    type="tel"
    inputMode="tel"
    autocomplete="tel"
    ltr
  />
);
