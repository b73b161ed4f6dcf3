import { useMemo } from 'preact/hooks';
import { t } from '../../i18n/index.ts';
import { readFailure } from '../../state/failure.ts';
import { createField, type FieldState, showFieldErrors, validateFields } from '../../state/form.ts';
import { type Task, type TaskCall, useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { Form } from '../../ui/form.tsx';
import { HiddenUsername } from '../../ui/hidden-username.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { PasswordField } from '../../ui/password-field.tsx';

/** Says beside its field that the password of now is not the right one. */
export function showWrongPassword(task: Pick<Task<never>, 'failure'>, field: FieldState): void {
  if (task.failure.value?.kind !== 'credentials_incorrect') return;
  task.failure.value = undefined;
  field.error.value = () => t('account:wrongPassword');
  showFieldErrors([field]);
}

interface PasswordFormProps {
  readonly username: string;
  /** On the button. */
  readonly action: string;
  readonly danger?: boolean;
  /** What the password is asked for; what it throws is told. */
  readonly onPassword: (password: string, call: TaskCall) => Promise<void>;
  /** What being refused for now comes to here, and what there is to say of it. */
  readonly notNow?: { readonly title: string; readonly text: string };
}

/** Asks for the password once more: an unattended session is not enough for what changes an account. */
export function PasswordForm(props: PasswordFormProps) {
  const { username, action, danger, onPassword } = props;
  const field = useMemo(() => createField('currentPassword'), []);
  const task = useTask(onPassword);
  const failure = task.failure.value;
  const notNow = failure?.kind === 'too_many_requests' ? props.notNow : undefined;

  async function submit(): Promise<void> {
    if (!validateFields([field])) return;
    await task.run(field.value.value);
    showWrongPassword(task, field);
  }

  return (
    <>
      <FailureNotice failure={failure} title={notNow?.title} onRetry={submit}>
        {notNow && <p>{notNow.text}</p>}
      </FailureNotice>
      <Form onSubmit={submit}>
        <HiddenUsername username={username} />
        <PasswordField
          field={field}
          label={t('account:currentPassword')}
          autocomplete="current-password"
        />
        <Button submit kind={danger ? 'danger' : 'first'} busy={task.busy.value}>
          {action}
        </Button>
      </Form>
    </>
  );
}

/** A call that may have gone through although no answer came: what its repetition is refused for is read differently. */
export function trackLostAnswer() {
  let lost = false;
  return {
    was: () => lost,
    async over<T>(call: Promise<T>): Promise<T> {
      try {
        return await call;
      } catch (error) {
        const { kind } = readFailure(error);
        if (kind === 'offline' || kind === 'slow' || kind === 'unavailable') lost = true;
        throw error;
      }
    },
  };
}
