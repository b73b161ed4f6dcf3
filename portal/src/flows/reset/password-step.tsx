import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { Input } from '../../../../client/src/index.ts';
import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { announce } from '../../state/announce.ts';
import { entryOf } from '../../state/flow.ts';
import { createField, validateFields } from '../../state/form.ts';
import { replace } from '../../state/router.ts';
import { client, logOut, session } from '../../state/session.ts';
import { checkNewPassword, showServerErrors } from '../../state/show-server-errors.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { Form } from '../../ui/form.tsx';
import { HiddenUsername } from '../../ui/hidden-username.tsx';
import { Link } from '../../ui/link.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { type FactorMethod, useFactorCodeField } from '../challenge/factor-code-field.tsx';
import { showWrongCode } from '../challenge/use-verify-code.ts';
import { type Asked, OtherMethods, SecondFactorField } from './second-factor-field.tsx';
import { draft, flow, forget, progress, startAgain } from './steps.ts';

interface PasswordStepProps {
  readonly ticket: string;
  readonly username: string;
}

type Passwords = Omit<Input<'completePasswordReset'>, 'ticket'>;

/** The new password, twice; and a code of the app, where the account turns out to have one. */
export function PasswordStep({ ticket, username }: PasswordStepProps) {
  const own = { username, nationalId: draft.peek().nationalId };
  const { password, again } = useFields(own);
  const asked = useSignal<Asked | undefined>(undefined);
  const method: FactorMethod = asked.value?.method ?? 'totp';
  const code = useFactorCodeField(method, 'secondFactor.code');
  const all = asked.value ? [password, again, code] : [password, again];

  const complete = useTask(async (passwords: Passwords, call) => {
    await client.completePasswordReset({ ticket, ...passwords }, call);
    await done({ ticket, username });
  });
  const failure = complete.failure.value;
  const kind = failure?.kind ?? '';
  const over = ['ticket_invalid', 'challenge_locked', 'challenge_expired'].includes(kind);

  async function submit(): Promise<void> {
    if (!validateFields(all)) return;
    await complete.run({
      newPassword: password.value.value,
      confirmPassword: again.value.value,
      ...(asked.value && { secondFactor: { method, code: code.value.value } }),
    });
    const problem = complete.failure.value?.problem;
    if (problem?.code === 'second_factor_required') askBesides(problem.methods);
    showWrongCode(complete, code);
    showServerErrors(complete, all);
  }

  /** In this very step: nobody types a password twice more. */
  function askBesides(methods: readonly FactorMethod[] = ['totp', 'recovery-code']): void {
    complete.failure.value = undefined;
    announce(t('problem.second_factor_required.title'), 'assertive');
    ask({ methods, method: methods[0] ?? 'totp' });
  }

  function ask(next: Asked): void {
    asked.value = next;
    // After the drawing: only then the field is there.
    setTimeout(() => document.getElementsByName(code.name)[0]?.focus());
  }

  return (
    <Page
      title={t('reset:password.title')}
      windowTitle={t('reset:title')}
      lead={t('reset:password.lead')}
      steps={progress('password')}
    >
      <FailureNotice failure={failure} onRetry={submit}>
        {kind === 'ticket_invalid' && (
          <p>
            {t('reset:password.maybeDone')} <Link to={paths.login}>{t('logIn')}</Link>
          </p>
        )}
        {over && <Button onPress={() => startAgain(username)}>{t('startAgain')}</Button>}
      </FailureNotice>
      {!over && (
        <Form onSubmit={submit}>
          <HiddenUsername username={username} />
          <PasswordField
            field={password}
            label={t('reset:password.first')}
            autocomplete="new-password"
            judge={own}
          />
          <PasswordField
            field={again}
            label={t('reset:password.again')}
            autocomplete="new-password"
          />
          {asked.value && <SecondFactorField method={method} field={code} />}
          <Button submit busy={complete.busy.value}>
            {t('reset:password.reset')}
          </Button>
        </Form>
      )}
      {!over && asked.value && <OtherMethods asked={asked.value} onAsk={ask} />}
    </Page>
  );
}

/** On to the login, with the username; what this browser was logged in with is over. */
async function done({ ticket, username }: PasswordStepProps): Promise<void> {
  if (session.peek() === 'in') {
    const left = logOut().catch(() => {});
    // This step stays while that is waited for, though the visit has ended with the session.
    flow.replace({ step: 'password', ticket, username });
    await left;
  }
  forget();
  replace(paths.login, entryOf(paths.login, { step: 'password', username, after: 'reset' }));
}

function useFields(own: { readonly username: string; readonly nationalId: string }) {
  return useMemo(() => {
    const password = createField('newPassword', '', (value) => checkNewPassword(value, own));
    const again = createField('confirmPassword', '', (value) =>
      value === password.value.peek() ? undefined : () => t('rule.same'),
    );
    return { password, again };
  }, []);
}
