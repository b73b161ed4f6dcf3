import { useSignal } from '@preact/signals';
import { useEffect, useId, useMemo } from 'preact/hooks';
import { type Path, paths } from '../../../paths.ts';
import { duration } from '../../i18n/duration.ts';
import { t } from '../../i18n/index.ts';
import { usernameField } from '../../rules/check-fields.ts';
import { announce } from '../../state/announce.ts';
import { entryOf } from '../../state/flow.ts';
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
import { draft, flow, type PasswordState, showPageAfterLogin } from './steps.ts';

export function PasswordStep({ now }: { readonly now: PasswordState }) {
  const then = useMemo(() => now.then ?? pageAfterLogin(), [now]);
  const { username, password } = useFields(now.username);
  const ownDevice = useSignal(false);
  useSkipIfLoggedIn(then, now);
  const logIn = useTask(async (typed: { username: string; password: string }, call) => {
    const answer = await client.logIn({ ...typed, ownDevice: ownDevice.value }, call);
    if (!('challenge' in answer)) return showPageAfterLogin(then);
    const { challenge } = answer;
    const { method } = challenge;
    // Keep the username in this entry: back and reload show it again.
    flow.replace({ step: 'password', username: typed.username, then });
    flow.go({
      step: 'code',
      challenge,
      method,
      username: typed.username,
      ownDevice: ownDevice.value,
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

  const forgot = (
    <Link
      to={paths.reset}
      class="way"
      state={entryOf(paths.reset, { step: 'who', username: username.value.value })}
    >
      {t('login:forgot')}
    </Link>
  );
  return (
    <Page title={t('login:title')} lead={then !== paths.account && t('login:toGoOn')}>
      {!failure && <ReasonForLogin now={now} />}
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
        <OwnDevice chosen={ownDevice} />
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

interface OwnDeviceProps {
  readonly chosen: { value: boolean };
}

/** Asked before the code step: there a code that the phone fills in is verified at once. */
function OwnDevice({ chosen }: OwnDeviceProps) {
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
        <span>{t('login:ownDevice')}</span>
      </label>
      <p class="small soft" id={id}>
        {t('login:ownDeviceHint')}
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
