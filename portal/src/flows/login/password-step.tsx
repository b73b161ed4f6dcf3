import { useSignal } from '@preact/signals';
import { useEffect, useId, useMemo } from 'preact/hooks';
import { type Path, paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { usernameField } from '../../rules/check-fields.ts';
import { announce } from '../../state/announce.ts';
import { useFollowedFields } from '../../state/follow-fields.ts';
import { createField, validateFields } from '../../state/form.ts';
import { pageAfterLogin } from '../../state/login-redirect.ts';
import { replace } from '../../state/router.ts';
import { client, findSession, session, whyEnded } from '../../state/session.ts';
import { showServerErrors } from '../../state/show-server-errors.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { CookiesBlocked } from '../../ui/cookies-blocked.tsx';
import { Field } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { Link } from '../../ui/link.tsx';
import { FailureNotice, Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { ForgotPassword } from './forgot-password.tsx';
import {
  carryPassword,
  draft,
  flow,
  type PasswordState,
  showPageAfterLogin,
  takePassword,
} from './steps.ts';

export function PasswordStep({ now }: { readonly now: PasswordState }) {
  const then = useMemo(() => now.then ?? pageAfterLogin(), [now]);
  const { username, password } = useFields(now.username);
  const remember = useSignal(false);
  useSkipIfLoggedIn(then, now);
  const logIn = useTask(async (typed: { username: string; password: string }, call) => {
    const answer = await client.logIn({ ...typed, ...ticketOf(now) }, call);
    if (!('challenge' in answer)) return showPageAfterLogin(then);
    const { challenge } = answer;
    const { method } = challenge;
    // Keep the username in this entry: back and reload show it again.
    if (answer.passwordDue) carryPassword(typed.password);
    flow.replace({ step: 'password', username: typed.username, then });
    flow.go({
      step: 'code',
      challenge,
      method,
      username: typed.username,
      rememberDevice: remember.value,
      then,
    });
  });
  const failure = logIn.failure.value;
  const { kind, problem } = failure ?? {};
  const limit = problem?.limit;
  // A reset sets a new password with attempts of its own: it helps before the wait is over, too.
  const isFull = kind === 'too_many_requests' && limit !== 'address' && limit !== 'service';
  const resetHelps = kind === 'credentials_incorrect' || isFull;

  async function submit(): Promise<void> {
    if (!validateFields([username, password])) return;
    await logIn.run({ username: username.value.value, password: password.value.value });
    showServerErrors(logIn, [username, password]);
  }

  useEffect(() => {
    const typed = now.ticket === undefined ? undefined : takePassword();
    if (typed === undefined) return;
    password.value.value = typed;
    submit();
  }, []);

  const forgot = <ForgotPassword username={username.value.value} />;
  return (
    <Page title={t('login:title')} lead={then !== paths.account && t('login:toGoOn')}>
      {!failure && <ReasonForLogin now={now} />}
      {now.ticket && <p>{t('login:phoneFirst.proved')}</p>}
      <FailureNotice failure={failure} onRetry={submit}>
        {(limit === 'account' || limit === 'address') && <p>{t(`login:limit.${limit}`)}</p>}
        {resetHelps && forgot}
      </FailureNotice>
      <CookiesBlocked />
      <Form onSubmit={submit}>
        <Field field={username} label={t('login:username')} autocomplete="username" ltr />
        <PasswordField
          field={password}
          label={t('login:password')}
          autocomplete="current-password"
        />
        <RememberDevice chosen={remember} />
        <Button submit busy={logIn.busy.value}>
          {t('login:enter')}
        </Button>
      </Form>
      <div>
        <p>{forgot}</p>
        <p>
          {t('login:noAccount')}{' '}
          <Link to={paths.register} class="way">
            {t('openAccount')}
          </Link>
        </p>
      </div>
    </Page>
  );
}

const ticketOf = ({ ticket }: PasswordState) => (ticket === undefined ? {} : { ticket });

/** Says why the person has to log in: after a reset, or after the end of a session. */
function ReasonForLogin({ now: { after } }: { readonly now: PasswordState }) {
  const changed = after === 'reset';
  const ended = !changed && session.value === 'ended';
  useEffect(() => {
    if (changed) announce(t('login:changed.title'));
    if (ended) announce(t('problem.unauthenticated.title'));
  }, [changed, ended]);
  if (changed) {
    return (
      <Notice tone="good" title={t('login:changed.title')}>
        <p>{t('login:changed.text')}</p>
      </Notice>
    );
  }
  if (!ended) return null;
  const why = whyEnded.value;
  return (
    <Notice title={t('problem.unauthenticated.title')}>
      <p>{why ? t(`login:ended.${why}`) : t('problem.unauthenticated.text')}</p>
    </Notice>
  );
}

interface RememberDeviceProps {
  readonly chosen: { value: boolean };
}

/** Asked before the code step: there a code that the phone fills in is verified at once. */
function RememberDevice({ chosen }: RememberDeviceProps) {
  const id = useId();
  return (
    <div>
      <label class="choice">
        <input
          type="checkbox"
          checked={chosen.value}
          aria-describedby={id}
          onChange={({ currentTarget }) => {
            chosen.value = currentTarget.checked;
          }}
        />
        <span>{t('login:remember')}</span>
      </label>
      <p class="small soft" id={id}>
        {t('login:rememberHint')}
      </p>
    </div>
  );
}

/** Creates the fields with the username that was typed before; never with a password. */
function useFields(known: string | undefined) {
  const fields = useMemo(
    () => ({
      username: usernameField(known || draft.peek().username),
      password: createField('password'),
    }),
    [],
  );
  useFollowedFields(draft, [fields.username]);
  return fields;
}

/** Skips the login if this browser has a session, from this tab or from another one. */
function useSkipIfLoggedIn(then: Path, { after }: PasswordState): void {
  const found = session.value;
  useEffect(() => {
    // A reset has ended every session.
    if (after) return;
    // If the server does not answer, the person logs in.
    if (found === 'unknown') findSession().catch(() => {});
    if (found === 'in') replace(then);
  }, [found, then, after]);
}
