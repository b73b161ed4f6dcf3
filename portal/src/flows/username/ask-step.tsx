import { useMemo } from 'preact/hooks';
import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { nationalIdField, phoneField } from '../../rules/check-fields.ts';
import { useFollowedFields } from '../../state/follow-fields.ts';
import { validateFields } from '../../state/form.ts';
import { client } from '../../state/session.ts';
import { showServerErrors } from '../../state/show-server-errors.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { Form } from '../../ui/form.tsx';
import { Link } from '../../ui/link.tsx';
import { NationalIdField } from '../../ui/national-id-field.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { PhoneField } from '../../ui/phone-field.tsx';
import { draft, flow } from './steps.ts';

interface Pair {
  readonly nationalId: string;
  readonly phone: string;
}

/** Takes national ID and phone. The page shows the same for every pair: only the SMS shows a match. */
export function AskStep() {
  const { nationalId, phone } = useMemo(
    () => ({
      nationalId: nationalIdField(draft.peek().nationalId),
      phone: phoneField(draft.peek().phone),
    }),
    [],
  );
  useFollowedFields(draft, [nationalId, phone]);
  const ask = useTask(async (pair: Pair, call) => {
    await client.remindUsername(pair, call);
    // Back and "check the numbers" show them again.
    draft.value = pair;
    flow.go({ step: 'sent' });
  });

  async function submit(): Promise<void> {
    if (!validateFields([nationalId, phone])) return;
    await ask.run({ nationalId: nationalId.value.value, phone: phone.value.value });
    showServerErrors(ask, [nationalId, phone]);
  }

  return (
    <Page
      title={t('username:ask.title')}
      flowTitle={t('username:title')}
      lead={t('username:ask.lead')}
    >
      <FailureNotice failure={ask.failure.value} onRetry={submit} />
      <Form onSubmit={submit}>
        <NationalIdField
          field={nationalId}
          label={t('username:ask.nationalId')}
          hint={t('username:ask.nationalIdHint')}
        />
        <PhoneField
          field={phone}
          label={t('username:ask.phone')}
          hint={t('username:ask.phoneHint')}
        />
        <Button submit busy={ask.busy.value}>
          {t('username:ask.send')}
        </Button>
      </Form>
      <p>
        {t('username:ask.remembered')}{' '}
        <Link to={paths.login} class="way">
          {t('logIn')}
        </Link>
      </p>
    </Page>
  );
}
