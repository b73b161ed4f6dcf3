import type { FieldState } from '../state/form.ts';
import { Field } from './field.tsx';

interface NationalIdFieldProps {
  readonly field: FieldState;
  readonly label: string;
  readonly hint: string;
}

export const NationalIdField = ({ field, label, hint }: NationalIdFieldProps) => (
  <Field field={field} label={label} hint={hint} inputMode="numeric" ltr />
);
