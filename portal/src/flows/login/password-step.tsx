import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { type Path, paths } from '../../../paths.ts';
import { duration } from '../../i18n/duration.ts';
import { t } from '../../i18n/index.ts';
import { loginNameField } from '../../rules/check-fields.ts';
import { announce } from '../../state/announce.ts';
import { useFollowedFields } from '../../state/follow-fields.ts';
import { createField, validateFields } from '../../state/form.ts';
import { pageAfterLogin } from '../../state/login-redirect.ts';
import { replace } from '../../state/router.ts';
import { client, findSession, session, whyEnded } from '../../state/session.ts';
import { showServerErrors } from '../../state/show-server-errors.ts';
import { useSiteConfig } from '../../state/site-config.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { CookiesBlocked } from '../../ui/cookies-blocked.tsx';
import { Field } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { Link } from '../../ui/link.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { ForgotPassword } from './forgot-password.tsx';
import { ForgotUsername, LoginFailure } from './login-failure.tsx';
import { OwnDevice } from './own-device.tsx';
import {
  carryTyped,
  draft,
  flow,
  nameToKeep,
  type PasswordState,
  showPageAfterLogin,
  takeTyped,
} from './steps.ts';

export function PasswordStep({ now }: { readonly now: PasswordState }) {
  const then = useMemo(() => now.then ?? pageAfterLogin(), [now]);
  const { username, password } = useFields(now.username);
  const ownDevice = useSignal(now.ownDevice ?? false);
  useSkipIfLoggedIn(then, now);
  const logIn = useTask(async (typed: { username: string; password: string }, call) => {
    const said = { ownDevice: ownDevice.value, ...ticketOf(now) };
    const answer = await client.logIn({ ...typed, ...said }, call);
    if (!('challenge' in answer)) return showPageAfterLogin(then);
    const { challenge } = answer;
    const { method } = challenge;
    // Keep the username in this entry: back and reload show it again.
    if (answer.passwordDue) carryTyped(typed);
    const username = nameToKeep(typed.username);
    flow.replace({ step: 'password', username, then });
    flow.go({
      step: 'code',
      challenge,
      method,
      username,
      ownDevice: ownDevice.value,
      then,
    });
  });
  const failure = logIn.failure.value;
  async function submit(): Promise<void> {
    if (!validateFields([username, password])) return;
    await logIn.run({ username: username.value.value, password: password.value.value });
    showServerErrors(logIn, [username, password]);
  }

  useEffect(() => {
    const typed = now.ticket === undefined ? undefined : takeTyped();
    if (typed === undefined) return;
    username.value.value = typed.username;
    password.value.value = typed.password;
    submit();
  }, []);

  const kept = nameToKeep(username.value.value);
  // Loaded once somebody types: a first visit is to be small, and most stages take an ID.
  const site = useSiteConfig(username.value.value !== '');
  const takesId = typeof site !== 'object' || site.nationalIdLogin;
  return (
    <Page title={t('login:title')} lead={then !== paths.account && t('login:toGoOn')}>
      {!failure && <ReasonForLogin now={now} />}
      {now.ticket && <p>{t('login:phoneFirst.proved')}</p>}
      <LoginFailure failure={failure} username={kept} onRetry={submit} />
      <CookiesBlocked />
      <Form onSubmit={submit}>
        <Field
          field={username}
          label={t(takesId ? 'login:name' : 'login:username')}
          autocomplete="username"
          ltr
        />
        <PasswordField
          field={password}
          label={t('login:password')}
          autocomplete="current-password"
        />
        <OwnDevice chosen={ownDevice} />
        <Button submit busy={logIn.busy.value}>
          {t('login:enter')}
        </Button>
      </Form>
      <div>
        <p>
          <ForgotPassword username={kept} />
        </p>
        <p>
          <ForgotUsername />
        </p>
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
  return (
    <Notice title={t('problem.unauthenticated.title')}>
      <p>{whySessionEnded()}</p>
    </Notice>
  );
}

function whySessionEnded(): string {
  const { reason, idleSeconds } = whyEnded.value ?? {};
  if (!reason) return t('problem.unauthenticated.text');
  if (reason === 'idle' && idleSeconds) return t('login:idleFor', { time: duration(idleSeconds) });
  return t(`login:ended.${reason}`);
}

/** Creates the fields with the username that was typed before; never with a password. */
function useFields(known: string | undefined) {
  const fields = useMemo(
    () => ({
      username: loginNameField(known || draft.peek().username),
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
