import { t } from '../i18n/index.ts';
import { checkNewPassword } from '../rules/check-new-password.ts';
import type { PasswordOwner } from '../rules/password-strength.ts';
import { createField, type FieldState } from '../state/form.ts';
import { PasswordField } from './password-field.tsx';

/** A new password, typed twice. */
interface NewPassword {
  readonly password: FieldState;
  readonly again: FieldState;
}

/** Creates the two fields. Their names are the API's: `newPassword`, `confirmPassword`. */
export function createNewPassword(owner: PasswordOwner): NewPassword {
  const password = createField('newPassword', '', (value) => checkNewPassword(value, owner));
  const again = createField('confirmPassword', '', (value) =>
    value === password.value.peek() ? undefined : () => t('rule.same'),
  );
  return { password, again };
}

interface NewPasswordFieldsProps {
  readonly fields: NewPassword;
  readonly owner: PasswordOwner;
  readonly label: string;
  readonly againLabel: string;
}

export const NewPasswordFields = ({ fields, owner, label, againLabel }: NewPasswordFieldsProps) => (
  <>
    <PasswordField
      field={fields.password}
      label={label}
      autocomplete="new-password"
      strengthFor={owner}
    />
    <PasswordField field={fields.again} label={againLabel} autocomplete="new-password" />
  </>
);
