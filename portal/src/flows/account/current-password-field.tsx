import { t } from '../../i18n/index.ts';
import { type FieldState, showFieldErrors } from '../../state/form.ts';
import type { Task } from '../../state/task.ts';
import { HiddenUsername } from '../../ui/hidden-username.tsx';
import { PasswordField } from '../../ui/password-field.tsx';

interface CurrentPasswordFieldProps {
  readonly field: FieldState;
  readonly username: string;
}

/** Takes the current password. Password managers fill it in for the username. */
export const CurrentPasswordField = ({ field, username }: CurrentPasswordFieldProps) => (
  <>
    <HiddenUsername username={username} />
    <PasswordField
      field={field}
      label={t('account:currentPassword')}
      autocomplete="current-password"
    />
  </>
);

/** Moves the error of a wrong password from the notice above the form to its field. */
export function showWrongPassword(task: Pick<Task<never>, 'failure'>, field: FieldState): void {
  if (task.failure.value?.kind !== 'credentials_incorrect') return;
  task.failure.value = undefined;
  field.error.value = () => t('account:wrongPassword');
  showFieldErrors([field]);
}
