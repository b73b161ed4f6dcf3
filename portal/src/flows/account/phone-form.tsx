import { useEffect, useMemo } from 'preact/hooks';
import { t } from '../../i18n/index.ts';
import { checkPhone } from '../../rules/check-fields.ts';
import { createField, validateFields } from '../../state/form.ts';
import { client } from '../../state/session.ts';
import { showServerErrors } from '../../state/show-server-errors.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { HiddenUsername } from '../../ui/hidden-username.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import type { Account } from './account-state.ts';
import { showWrongPassword } from './current-password-form.tsx';
import { draft, flow } from './phone-steps.ts';

export function PhoneForm({ account }: { readonly account: Account }) {
  const phone = useMemo(() => createField('phone', draft.peek(), checkPhone), []);
  const password = useMemo(() => createField('currentPassword'), []);
  const all = [phone, password];
  useEffect(
    () => () => {
      draft.value = phone.value.peek();
    },
    [phone],
  );
  // Input, so that the same number and password go under the same key.
  const start = useTask(
    async (typed: { readonly phone: string; readonly currentPassword: string }, call) => {
      const { challenge } = await client.startPhoneChange(typed, call);
      flow.go({ step: 'code', challenge, before: account.phone });
    },
  );

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
        <Field
          field={phone}
          label={t('account:phone.label')}
          hint={t('account:phone.hint')}
          type="tel"
          inputMode="tel"
          autocomplete="tel"
          ltr
        />
        <HiddenUsername username={account.username} />
        <PasswordField
          field={password}
          label={t('account:currentPassword')}
          autocomplete="current-password"
        />
        <Button submit busy={start.busy.value}>
          {t('account:phone.send')}
        </Button>
      </Form>
    </>
  );
}
