import { useMemo } from 'preact/hooks';
import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { checkPhone } from '../../rules/check-fields.ts';
import { fieldMessage } from '../../state/failure.ts';
import { createField, showFieldErrors, validateFields } from '../../state/form.ts';
import { client, serverClock } from '../../state/session.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { Link } from '../../ui/link.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { draft, flow, progress } from './steps.ts';

export function PhoneStep() {
  const field = useMemo(() => createField('phone', draft.peek().phone, checkPhone), []);
  const start = useTask(async (phone: string, call) => {
    const { challenge } = started(phone) ?? (await client.startRegistration({ phone }, call));
    draft.value = { ...draft.value, phone, challenge };
    flow.go({ step: 'code', challenge });
  });
  const failure = start.failure.value;

  async function submit(): Promise<void> {
    if (!validateFields([field])) return;
    await start.run(field.value.value);
    const failed = start.failure.value;
    if (failed?.kind !== 'invalid_request') return;
    start.failure.value = undefined;
    field.error.value = () => fieldMessage(failed, 'phone') ?? t('rule.phone');
    showFieldErrors([field]);
  }

  return (
    <Page
      key="phone"
      title={t('register:phone.title')}
      windowTitle={t('register:title')}
      lead={t('register:phone.lead')}
      steps={progress('phone')}
    >
      <FailureNotice failure={failure} onRetry={submit} />
      <Form onSubmit={submit}>
        <Field
          field={field}
          label={t('register:phone.label')}
          hint={t('register:phone.hint')}
          type="tel"
          inputMode="tel"
          autocomplete="tel"
          ltr
        />
        <Button submit busy={start.busy.value}>
          {t('register:phone.send')}
        </Button>
      </Form>
      <p>
        {t('register:phone.have')} <Link to={paths.login}>{t('logIn')}</Link>
      </p>
    </Page>
  );
}

/** Who went back and comes again with the same number has a code on the way, and needs no second one. */
function started(phone: string) {
  const { phone: before, challenge } = draft.peek();
  const lives = challenge && Date.parse(challenge.expiresAt) > serverClock.now() + 60_000;
  return lives && before === phone ? { challenge } : undefined;
}
