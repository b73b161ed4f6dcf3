import { useMemo } from 'preact/hooks';
import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { openFlow } from '../../state/flow.ts';
import { createField, validateFields } from '../../state/form.ts';
import { client } from '../../state/session.ts';
import { checkNewPassword, showServerErrors } from '../../state/show-server-errors.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { Form } from '../../ui/form.tsx';
import { HiddenUsername } from '../../ui/hidden-username.tsx';
import { Link } from '../../ui/link.tsx';
import { FailureNotice, Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { BackToAccount } from './back-to-account.tsx';
import { showWrongPassword, trackLostAnswer } from './current-password-form.tsx';
import { requireLogin } from './require-login.tsx';
import { WithAccount } from './with-account.tsx';

type PasswordStep = { readonly step: 'form' } | { readonly step: 'done' };
const flow = openFlow<PasswordStep>(paths.password, { step: 'form' });

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
  const { current, next, again } = useFields(username);
  const all = [current, next, again];
  const loss = useMemo(trackLostAnswer, []);
  const change = useTask(async () => {
    const call = client.changePassword({
      currentPassword: current.value.value,
      newPassword: next.value.value,
      confirmPassword: again.value.value,
    });
    await loss.over(call);
    flow.replace({ step: 'done' });
  });
  const failure = change.failure.value;
  // Its first sending may have done it: then the password of now is the new one.
  const maybeDone = failure?.kind === 'credentials_incorrect' && loss.was();

  async function submit(): Promise<void> {
    if (!validateFields(all)) return;
    await change.run(undefined);
    if (!loss.was()) showWrongPassword(change, current);
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
        <HiddenUsername username={username} />
        <PasswordField
          field={current}
          label={t('account:currentPassword')}
          autocomplete="current-password"
        />
        <PasswordField
          field={next}
          label={t('account:password.next')}
          autocomplete="new-password"
          judge={{ username, nationalId: '' }}
        />
        <PasswordField
          field={again}
          label={t('account:password.again')}
          autocomplete="new-password"
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

function useFields(username: string) {
  return useMemo(() => {
    const current = createField('currentPassword');
    const next = createField('newPassword', '', (value) =>
      checkNewPassword(value, { username, nationalId: '' }),
    );
    const again = createField('confirmPassword', '', (value) =>
      value === next.value.peek() ? undefined : () => t('rule.same'),
    );
    return { current, next, again };
  }, [username]);
}
