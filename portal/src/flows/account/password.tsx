import { useMemo } from 'preact/hooks';
import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { markFinished } from '../../state/finished-flow.ts';
import { openFlow } from '../../state/flow.ts';
import { createField, validateFields } from '../../state/form.ts';
import { client } from '../../state/session.ts';
import { showServerErrors } from '../../state/show-server-errors.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { Form } from '../../ui/form.tsx';
import { Link } from '../../ui/link.tsx';
import { createNewPassword, NewPasswordFields } from '../../ui/new-password-fields.tsx';
import { FailureNotice, Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { BackToAccount } from './back-to-account.tsx';
import { CurrentPasswordField, showWrongPassword } from './current-password-field.tsx';
import { trackLostAnswer } from './lost-answer.ts';
import { requireLogin } from './require-login.tsx';
import { WithAccount } from './with-account.tsx';

type PasswordStep = { readonly step: 'form' } | { readonly step: 'done' };
const flow = openFlow<PasswordStep>(paths.password, { step: 'form' });

/** Current password, new password twice → changed. */
export default requireLogin(() =>
  flow.current.value.step === 'done' ? (
    <Page key="done" title={t('account:password.done')}>
      <Notice tone="good">
        <p>{t('account:password.doneText')}</p>
      </Notice>
      <Link to={paths.account} class="button">
        {t('account:back')}
      </Link>
    </Page>
  ) : (
    <Page key="form" title={t('account:password.title')} lead={t('account:password.lead')}>
      <WithAccount>{({ username }) => <ChangeForm username={username} />}</WithAccount>
      <BackToAccount />
    </Page>
  ),
);

function ChangeForm({ username }: { readonly username: string }) {
  const owner = { username, nationalId: '' };
  const current = useMemo(() => createField('currentPassword'), [username]);
  const fields = useMemo(() => createNewPassword(owner), [username]);
  const all = [current, fields.password, fields.again];
  const answer = useMemo(trackLostAnswer, []);
  const change = useTask(async () => {
    const call = client.changePassword({
      currentPassword: current.value.value,
      newPassword: fields.password.value.value,
      confirmPassword: fields.again.value.value,
    });
    await answer.watch(call);
    flow.replace({ step: 'done' });
    markFinished('password-change');
  });
  const failure = change.failure.value;
  // If an earlier answer was lost, that request may have changed the password: the typed current one is then wrong.
  const maybeDone = failure?.kind === 'credentials_incorrect' && answer.wasLost();

  async function submit(): Promise<void> {
    if (!validateFields(all)) return;
    await change.run(undefined);
    if (!answer.wasLost()) showWrongPassword(change, current);
    showServerErrors(change, all);
  }

  return (
    <>
      {maybeDone ? (
        <Notice tone="warn" title={t('account:password.maybe')} urgent>
          <p>{t('account:password.maybeText')}</p>
        </Notice>
      ) : (
        <FailureNotice failure={failure} onRetry={submit} />
      )}
      <Form onSubmit={submit}>
        <CurrentPasswordField field={current} username={username} />
        <NewPasswordFields
          fields={fields}
          owner={owner}
          label={t('account:password.next')}
          againLabel={t('account:password.again')}
        />
        <Button submit busy={change.busy.value}>
          {t('account:password.change')}
        </Button>
      </Form>
      <p>
        {t('account:password.forgot')} <Link to={paths.reset}>{t('account:password.reset')}</Link>
      </p>
    </>
  );
}
