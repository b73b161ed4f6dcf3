import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { t } from '../../i18n/index.ts';
import { failureTexts } from '../../state/failure.ts';
import { areRight, createField, showWrong } from '../../state/form.ts';
import { client } from '../../state/session.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { CodeField } from '../../ui/code-field.tsx';
import { Form } from '../../ui/form.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import type { StepsProps } from '../../ui/steps.tsx';
import { Resend } from './resend.tsx';
import type { Challenge } from './use-delivery.ts';

interface CodeStepProps {
  readonly challenge: Challenge;
  /** A resend has moved the times: keep it in the history's entry. */
  readonly onSent: (challenge: Challenge) => void;
  readonly onVerified: (ticket: string) => void | Promise<void>;
  /** The code is of no use any more: back to where one is asked for, with what was typed there. */
  readonly onRestart: () => void;
  readonly windowTitle?: string;
  readonly steps?: StepsProps;
  /** Other ways on, below. */
  readonly children?: ComponentChildren;
}

/** Types the code of a challenge, in whichever flow: the one screen that all of them share. */
export function CodeStep(props: CodeStepProps) {
  const { challenge, onSent, onVerified, onRestart, windowTitle, steps, children } = props;
  const { id, codeLength } = challenge;
  const field = useMemo(
    () =>
      createField('code', '', (code) =>
        code.length === codeLength ? undefined : () => t('rule.code', { count: codeLength }),
      ),
    [codeLength],
  );
  const verify = useTask(async (code: string, call) => {
    const { ticket } = await client.verifyChallenge({ id, code }, call);
    await onVerified(ticket);
  });
  const failure = verify.failure.value;
  const over = failure?.kind === 'challenge_expired' || failure?.kind === 'challenge_locked';

  async function submit(): Promise<void> {
    if (!areRight([field])) return;
    await verify.run(field.value.value);
    const problem = verify.failure.value?.problem;
    if (problem?.code !== 'code_incorrect') return;
    // Beside the field, not above the form: it is the field that is wrong.
    const failed = verify.failure.value;
    verify.failure.value = undefined;
    field.wrong.value = () =>
      [
        failed && failureTexts(failed).title,
        t('code.attempts', { count: problem.attemptsLeft ?? 0 }),
      ].join('. ');
    showWrong([field]);
  }

  return (
    <Page
      title={t('code.title')}
      {...(windowTitle && { windowTitle })}
      {...(steps && { steps })}
      lead={<SentTo challenge={challenge} />}
    >
      <FailureNotice failure={failure} onRetry={submit}>
        {over && <Button onPress={onRestart}>{t('startAgain')}</Button>}
      </FailureNotice>
      {!over && (
        <>
          <Form onSubmit={submit}>
            <CodeField field={field} length={codeLength} onFilled={submit} />
            <Button submit busy={verify.busy.value}>
              {t('code.verify')}
            </Button>
          </Form>
          <Resend challenge={challenge} onSent={onSent} onRestart={onRestart} />
        </>
      )}
      {children}
      <p class="small soft">{t('code.secret')}</p>
    </Page>
  );
}

/** `•••• 567` is read out badly: its digits are enough. */
const SentTo = ({ challenge: { codeLength, destination } }: { readonly challenge: Challenge }) => (
  <>
    {t('code.sentTo', { count: codeLength })}{' '}
    <strong class="ltr">{destination.replace(/[^\d]/g, '')}</strong>.
  </>
);
