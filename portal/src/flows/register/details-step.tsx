import { useMemo } from 'preact/hooks';
import type { Input } from '../../../../client/src/index.ts';
import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { nationalIdField, usernameField } from '../../rules/check-fields.ts';
import { checkNewPassword } from '../../rules/check-new-password.ts';
import { markFinished } from '../../state/finished-flow.ts';
import { useFollowedFields } from '../../state/follow-fields.ts';
import { createField, validateFields } from '../../state/form.ts';
import { client } from '../../state/session.ts';
import { showServerErrors } from '../../state/show-server-errors.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { Link } from '../../ui/link.tsx';
import { NationalIdField } from '../../ui/national-id-field.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { TicketTime, type TimedTicket } from '../challenge/ticket-time.tsx';
import { logInStraight } from '../login/straight-login.ts';
import { AcceptTermsField, useAcceptedTerms } from './accept-terms-field.tsx';
import { draft, flow, progress, startAgain, takeLapsed } from './steps.ts';

type Details = Omit<Input<'completeRegistration'>, 'ticket'>;

export function DetailsStep({ now }: { readonly now: TimedTicket }) {
  const { ticket } = now;
  const lapsed = useMemo(takeLapsed, []);
  const { nationalId, username, password } = useFields(lapsed?.password);
  const terms = useAcceptedTerms(lapsed?.termsVersion ?? '', () =>
    t('register:details.mustAccept'),
  );
  const all = [nationalId, username, password, terms.field];

  const complete = useTask(async (details: Details, call) => {
    const { account } = await client.completeRegistration({ ticket, ...details }, call);
    draft.value = { phone: '', nationalId: '', username: '' };
    const { username } = account;
    await logInStraight(
      { username, password: details.password, ticket },
      {
        signal: call.signal,
        stay: () => flow.replace({ ...now, step: 'details' }),
        done() {
          flow.replace({ step: 'done', username });
          markFinished('registration');
        },
      },
    );
  });
  const failure = complete.failure.value;
  const renew = useTask(async (phone: string, call) => {
    const { challenge } = await client.startRegistration({ phone }, call);
    draft.value = { ...draft.peek(), challenge };
    flow.replace({ step: 'code', challenge });
  });

  /** Asks for a new code on the same phone. Only a person who came back much later has to type the phone again. */
  function startNewCode(): void {
    const { phone } = draft.peek();
    const lapsed = { password: password.value.value, termsVersion: terms.field.value.value };
    // The draft may have forgotten by now what the form still shows.
    const shown = { nationalId: nationalId.value.value, username: username.value.value };
    draft.value = { ...draft.peek(), ...shown, lapsed };
    if (phone) renew.run(phone);
    else startAgain();
  }

  async function submit(): Promise<void> {
    const termsVersion = terms.takeVersion();
    if (!validateFields(all) || termsVersion === undefined) return;
    await complete.run({
      nationalId: nationalId.value.value,
      username: username.value.value,
      password: password.value.value,
      termsVersion,
    });
    if (complete.failure.value?.kind === 'terms_outdated') terms.again();
    showServerErrors(complete, all);
  }

  return (
    <Page
      key="details"
      title={t('register:details.title')}
      flowTitle={t('register:title')}
      lead={t('register:details.lead')}
      steps={progress('details')}
    >
      <FailureNotice failure={failure} onRetry={submit}>
        {failure?.kind === 'ticket_invalid' && (
          <>
            <p>
              {t('register:details.maybeOpen')} <Link to={paths.login}>{t('logIn')}</Link>
            </p>
            <Button busy={renew.busy.value} onPress={startNewCode}>
              {t('register:details.newCode')}
            </Button>
          </>
        )}
        {failure?.kind === 'phone_full' && <Button onPress={startAgain}>{t('startAgain')}</Button>}
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
      <FailureNotice failure={renew.failure.value} onRetry={startNewCode} />
      {!failure && (
        <TicketTime timed={now} onExtended={takeLongerTicket}>
          <p>{t('register:details.lapsed')}</p>
          <Button busy={renew.busy.value} onPress={startNewCode}>
            {t('register:details.newCode')}
          </Button>
        </TicketTime>
      )}
      <Form onSubmit={submit}>
        <NationalIdField
          field={nationalId}
          label={t('register:details.nationalId')}
          hint={t('register:details.nationalIdHint')}
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
          strengthFor={{ username: username.value.value, nationalId: nationalId.value.value }}
        />
        <AcceptTermsField field={terms.field} />
        <Button submit busy={complete.busy.value}>
          {t('register:details.open')}
        </Button>
      </Form>
    </Page>
  );
}

/** The person is still here, so the draft starts to forget anew. */
function takeLongerTicket(timed: TimedTicket): void {
  draft.value = { ...draft.peek() };
  flow.update({ step: 'details', ...timed });
}

/** Creates the fields with what was typed before. The password is kept over a lapsed ticket alone. */
function useFields(typedPassword = '') {
  const fields = useMemo(() => {
    const before = draft.peek();
    const nationalId = nationalIdField(before.nationalId);
    const username = usernameField(before.username);
    const password = createField('password', typedPassword, (value) =>
      checkNewPassword(value, {
        username: username.value.peek(),
        nationalId: nationalId.value.peek(),
      }),
    );
    return { nationalId, username, password };
  }, []);
  useFollowedFields(draft, [fields.nationalId, fields.username]);
  return fields;
}
