import { useEffect, useMemo } from 'preact/hooks';
import type { Input } from '../../../../client/src/index.ts';
import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { checkNationalId, checkUsername } from '../../rules/check-fields.ts';
import { createField, validateFields } from '../../state/form.ts';
import { client } from '../../state/session.ts';
import { checkNewPassword, showServerErrors } from '../../state/show-server-errors.ts';
import { useTask } from '../../state/task.ts';
import { useTerms } from '../../state/terms.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { Link } from '../../ui/link.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { AcceptTermsField } from './accept-terms-field.tsx';
import { draft, flow, progress, startAgain } from './steps.ts';

type Details = Omit<Input<'completeRegistration'>, 'ticket'>;

export function DetailsStep({ ticket }: { readonly ticket: string }) {
  const fields = useFields();
  const { nationalId, username, password, terms: accepted } = fields;
  const all = [nationalId, username, password, accepted];
  const { terms, again, await: awaitTerms } = useTerms();

  const complete = useTask(async (details: Details, call) => {
    const { account } = await client.completeRegistration({ ticket, ...details }, call);
    draft.value = { phone: '', nationalId: '', username: '' };
    flow.replace({ step: 'done', username: account.username });
  });
  const failure = complete.failure.value;

  async function submit(): Promise<void> {
    const version = terms.value?.version;
    if (version === undefined) awaitTerms();
    // Accepted is a version: of terms that have changed since, that is none.
    if (accepted.value.value !== version) accepted.value.value = '';
    if (!validateFields(all) || version === undefined) return;
    await complete.run({
      nationalId: nationalId.value.value,
      username: username.value.value,
      password: password.value.value,
      termsVersion: version,
    });
    if (complete.failure.value?.kind === 'terms_outdated') again();
    showServerErrors(complete, all);
  }

  return (
    <Page
      key="details"
      title={t('register:details.title')}
      windowTitle={t('register:title')}
      lead={t('register:details.lead')}
      steps={progress('details')}
    >
      <FailureNotice failure={failure} onRetry={submit}>
        {failure?.kind === 'ticket_invalid' && (
          <>
            <p>
              {t('register:details.maybeOpen')} <Link to={paths.login}>{t('logIn')}</Link>
            </p>
            <Button onPress={startAgain}>{t('startAgain')}</Button>
          </>
        )}
        {failure?.kind === 'identity_registered' && (
          <>
            <Link to={paths.login} class="way">
              {t('logIn')}
            </Link>
            <br />
            <Link to={paths.reset} class="way">
              {t('register:details.forgot')}
            </Link>
          </>
        )}
      </FailureNotice>
      <Form onSubmit={submit}>
        <Field
          field={nationalId}
          label={t('register:details.nationalId')}
          hint={t('register:details.nationalIdHint')}
          inputMode="numeric"
          ltr
        />
        <Field
          field={username}
          label={t('register:details.username')}
          hint={t('register:details.usernameHint')}
          autocomplete="username"
          ltr
        />
        <PasswordField
          field={password}
          label={t('register:details.password')}
          autocomplete="new-password"
          judge={{ username: username.value.value, nationalId: nationalId.value.value }}
        />
        <AcceptTermsField field={accepted} />
        <Button submit busy={complete.busy.value}>
          {t('register:details.open')}
        </Button>
      </Form>
    </Page>
  );
}

/** With what was typed before, where the step has to be done again; all but the password, which is kept nowhere. */
function useFields() {
  const fields = useMemo(() => {
    const before = draft.peek();
    const nationalId = createField('nationalId', before.nationalId, checkNationalId);
    const username = createField('username', before.username, checkUsername);
    const password = createField('password', '', (value) =>
      checkNewPassword(value, {
        username: username.value.peek(),
        nationalId: nationalId.value.peek(),
      }),
    );
    const terms = createField('terms', '', undefined, () => t('register:details.mustAccept'));
    return { nationalId, username, password, terms };
  }, []);
  const { nationalId, username } = fields;
  useEffect(
    () => () => {
      const typed = { nationalId: nationalId.value.peek(), username: username.value.peek() };
      if (flow.current.peek().step !== 'done') draft.value = { ...draft.peek(), ...typed };
    },
    [nationalId, username],
  );
  return fields;
}
