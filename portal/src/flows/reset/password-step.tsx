import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { Input } from '../../../../client/src/index.ts';
import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { announce } from '../../state/announce.ts';
import { isChallengeOver } from '../../state/failure.ts';
import { markFinished } from '../../state/finished-flow.ts';
import { entryOf } from '../../state/flow.ts';
import { validateFields } from '../../state/form.ts';
import { replace } from '../../state/router.ts';
import { client, logOut, session } from '../../state/session.ts';
import { showServerErrors } from '../../state/show-server-errors.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { Form } from '../../ui/form.tsx';
import { HiddenUsername } from '../../ui/hidden-username.tsx';
import { Link } from '../../ui/link.tsx';
import { createNewPassword, NewPasswordFields } from '../../ui/new-password-fields.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { type FactorMethod, useFactorCodeField } from '../challenge/factor-code-field.tsx';
import { TicketTime, type TimedTicket } from '../challenge/ticket-time.tsx';
import { showWrongCode } from '../challenge/use-verify-code.ts';
import { logInStraight } from '../login/straight-login.ts';
import { OtherFactor, type RequiredFactor, SecondFactorField } from './second-factor-field.tsx';
import { clearDraft, draft, flow, progress, startAgain } from './steps.ts';

interface PasswordStepProps extends TimedTicket {
  readonly username: string;
}

type Passwords = Omit<Input<'completePasswordReset'>, 'ticket'>;

/** Takes the new password twice, and a second factor if the account turns out to have one. */
export function PasswordStep({ ticket, expiresAt, username }: PasswordStepProps) {
  const owner = { username, nationalId: draft.peek().nationalId };
  const fields = useMemo(() => createNewPassword(owner), []);
  const { password, again } = fields;
  const required = useSignal<RequiredFactor | undefined>(undefined);
  const method: FactorMethod = required.value?.method ?? 'totp';
  const code = useFactorCodeField(method, 'secondFactor.code');
  const all = required.value ? [password, again, code] : [password, again];

  const complete = useTask(async (passwords: Passwords, call) => {
    const restored = await client.completePasswordReset({ ticket, ...passwords }, call);
    if (restored) return showRestored(restored.resetFrom);
    await logInStraight(
      { username, password: passwords.newPassword, ticket },
      {
        signal: call.signal,
        stay: () => flow.replace({ step: 'password', ticket, expiresAt, username }),
        done: (how) => showEnd(how, username),
      },
    );
  });
  const failure = complete.failure.value;
  const ticketInvalid = failure?.kind === 'ticket_invalid';
  const over = ticketInvalid || isChallengeOver(failure);

  async function submit(): Promise<void> {
    if (!validateFields(all)) return;
    await complete.run({
      newPassword: password.value.value,
      confirmPassword: again.value.value,
      ...(required.value && { secondFactor: { method, code: code.value.value } }),
    });
    const problem = complete.failure.value?.problem;
    if (problem?.code === 'second_factor_required') askForFactor(problem.methods);
    showWrongCode(complete, code);
    showServerErrors(complete, all);
  }

  /** Asks in the same step, so that the password does not have to be typed again. */
  function askForFactor(methods: readonly FactorMethod[] = ['totp', 'recovery-code']): void {
    complete.failure.value = undefined;
    announce(t('problem.second_factor_required.title'), 'assertive');
    show({ methods, method: methods[0] ?? 'totp' });
  }

  function show(factor: RequiredFactor): void {
    required.value = factor;
    // Wait for the render, which adds the field.
    setTimeout(() => document.getElementsByName(code.name)[0]?.focus());
  }

  return (
    <Page
      title={t('reset:password.title')}
      flowTitle={t('reset:title')}
      lead={t('reset:password.lead')}
      steps={progress('password')}
    >
      <FailureNotice failure={failure} onRetry={submit}>
        {ticketInvalid && (
          <p>
            {t('reset:password.maybeDone')} <Link to={paths.login}>{t('logIn')}</Link>
          </p>
        )}
        {over && <Button onPress={() => startAgain(username)}>{t('startAgain')}</Button>}
      </FailureNotice>
      {!over && (
        <TicketTime
          timed={{ ticket, expiresAt }}
          onExtended={(timed) => {
            // The person is still here, so the draft starts to forget anew.
            draft.value = { ...draft.peek() };
            flow.update({ step: 'password', username, ...timed });
          }}
        >
          <p>{t('reset:password.lapsed')}</p>
          <Button onPress={() => startAgain(username)}>{t('startAgain')}</Button>
        </TicketTime>
      )}
      {!over && (
        <Form onSubmit={submit}>
          <HiddenUsername username={username} />
          <NewPasswordFields
            fields={fields}
            owner={owner}
            label={t('reset:password.first')}
            againLabel={t('reset:password.again')}
          />
          {required.value && <SecondFactorField method={method} field={code} />}
          <Button submit busy={complete.busy.value}>
            {t('reset:password.reset')}
          </Button>
        </Form>
      )}
      {!over && required.value && <OtherFactor required={required.value} onChoose={show} />}
    </Page>
  );
}

/** The former phone is back instead: no password was set, and this browser's session has ended, too. */
async function showRestored(resetFrom: string): Promise<void> {
  if (session.peek() === 'in') await logOut().catch(() => {});
  clearDraft();
  flow.replace({ step: 'restored', resetFrom });
}

/** The password is set. Who is not logged in by now goes to the login with the username. */
function showEnd(how: 'logged-in' | 'logged-out', username: string): void {
  clearDraft();
  if (how === 'logged-in') flow.replace({ step: 'done' });
  else replace(paths.login, entryOf(paths.login, { step: 'password', username, after: 'reset' }));
  markFinished('password-reset');
}
