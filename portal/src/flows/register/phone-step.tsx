import { useMemo } from 'preact/hooks';
import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { phoneField } from '../../rules/check-fields.ts';
import { useFollowedFields } from '../../state/follow-fields.ts';
import { validateFields } from '../../state/form.ts';
import { client } from '../../state/session.ts';
import { showServerErrors } from '../../state/show-server-errors.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { CookiesBlocked } from '../../ui/cookies-blocked.tsx';
import { Form } from '../../ui/form.tsx';
import { Link } from '../../ui/link.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { PhoneField } from '../../ui/phone-field.tsx';
import { canContinue } from '../challenge/challenge.ts';
import { draft, flow, progress } from './steps.ts';

export function PhoneStep() {
  const field = useMemo(() => phoneField(draft.peek().phone), []);
  useFollowedFields(draft, [field]);
  const start = useTask(async (phone: string, call) => {
    const { challenge } = started(phone) ?? (await client.startRegistration({ phone }, call));
    draft.value = { ...draft.value, phone, challenge };
    flow.go({ step: 'code', challenge });
  });
  const failure = start.failure.value;

  async function submit(): Promise<void> {
    if (!validateFields([field])) return;
    await start.run(field.value.value);
    showServerErrors(start, [field]);
  }

  return (
    <Page
      key="phone"
      title={t('register:phone.title')}
      flowTitle={t('register:title')}
      lead={t('register:phone.lead')}
      steps={progress('phone')}
    >
      <FailureNotice failure={failure} onRetry={submit} />
      <CookiesBlocked />
      <Form onSubmit={submit}>
        <PhoneField
          field={field}
          label={t('register:phone.label')}
          hint={t('register:phone.hint')}
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

/** The challenge of a person who went back and submits the same number: its SMS is on the way. */
function started(phone: string) {
  const { phone: before, challenge } = draft.peek();
  return canContinue(challenge) && before === phone ? { challenge } : undefined;
}
