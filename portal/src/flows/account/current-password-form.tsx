import { useMemo } from 'preact/hooks';
import { createField, validateFields } from '../../state/form.ts';
import { type TaskCall, useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { Form } from '../../ui/form.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { CurrentPasswordField, showWrongPassword } from './current-password-field.tsx';

interface CurrentPasswordFormProps {
  readonly username: string;
  /** The text of the button. */
  readonly action: string;
  readonly danger?: boolean;
  /** Does what the password is needed for. The form shows what it throws. */
  readonly onPassword: (password: string, call: TaskCall) => Promise<void>;
  /** Replaces the title of `too_many_requests`, and adds a text. */
  readonly notNow?: { readonly title: string; readonly text: string };
}

/** Asks for the password again: an unattended session must not be enough to change the account. */
export function CurrentPasswordForm(props: CurrentPasswordFormProps) {
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
        <CurrentPasswordField field={field} username={username} />
        <Button submit kind={danger ? 'danger' : 'first'} busy={task.busy.value}>
          {action}
        </Button>
      </Form>
    </>
  );
}
