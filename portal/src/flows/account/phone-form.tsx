import { useEffect, useMemo } from 'preact/hooks';
import { t } from '../../i18n/index.ts';
import { phoneField } from '../../rules/check-fields.ts';
import { createField, validateFields } from '../../state/form.ts';
import { client } from '../../state/session.ts';
import { showServerErrors } from '../../state/show-server-errors.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { Form } from '../../ui/form.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { PhoneField } from '../../ui/phone-field.tsx';
import type { Account } from './account-state.ts';
import { CurrentPasswordField, showWrongPassword } from './current-password-field.tsx';
import { draft, flow } from './phone-steps.ts';

interface NewPhone {
  readonly phone: string;
  readonly currentPassword: string;
}

/** Takes the new number and the password, and sends the code. */
export function PhoneForm({ account }: { readonly account: Account }) {
  const phone = useMemo(() => phoneField(draft.peek()), []);
  const password = useMemo(() => createField('currentPassword'), []);
  const all = [phone, password];
  useEffect(
    () => () => {
      draft.value = phone.value.peek();
    },
    [phone],
  );
  // The values are the task's input: a retry with the same ones has the same idempotency key.
  const start = useTask(async (typed: NewPhone, call) => {
    const { challenge } = await client.startPhoneChange(typed, call);
    const { phone: before, secondFactors } = account;
    flow.go({ step: 'code', challenge, before, hasApp: secondFactors.totp });
  });

  async function submit(): Promise<void> {
    if (!validateFields(all)) return;
    await start.run({ phone: phone.value.value, currentPassword: password.value.value });
    showWrongPassword(start, password);
    showServerErrors(start, all);
  }

  return (
    <>
      <FailureNotice failure={start.failure.value} onRetry={submit} />
      <Form onSubmit={submit}>
        <PhoneField field={phone} label={t('account:phone.label')} hint={t('account:phone.hint')} />
        <CurrentPasswordField field={password} username={account.username} />
        <Button submit busy={start.busy.value}>
          {t('account:phone.send')}
        </Button>
      </Form>
    </>
  );
}
