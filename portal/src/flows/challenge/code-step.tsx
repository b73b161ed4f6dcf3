import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { t } from '../../i18n/index.ts';
import { createField } from '../../state/form.ts';
import type { TaskCall } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { CodeField } from '../../ui/code-field.tsx';
import { Form } from '../../ui/form.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { leadId, Page } from '../../ui/page.tsx';
import type { StepProgressProps } from '../../ui/step-progress.tsx';
import { type LateText, ResendSms } from './resend-sms.tsx';
import { SentToPhone } from './sent-to-phone.tsx';
import type { Challenge } from './use-sms-delivery.ts';
import { useVerifyCode } from './use-verify-code.ts';

interface CodeStepProps {
  readonly challenge: Challenge;
  /** A resend has moved the times: keep it in the history's entry. */
  readonly onSent: (challenge: Challenge) => void;
  /** Who presses again because no answer came gets here with the same ticket and key. */
  readonly onVerified: (ticket: string, call: TaskCall) => void | Promise<void>;
  /** The code is of no use any more: back to where one is asked for, with what was typed there. */
  readonly onRestart: () => void;
  readonly windowTitle?: string;
  readonly steps?: StepProgressProps;
  /** Where it does not do to say that an SMS was sent. */
  readonly lead?: ComponentChildren;
  /** What to do about a late SMS, where that is not what one does about a number just typed. */
  readonly late?: LateText;
  /** Other ways on, below. */
  readonly children?: ComponentChildren;
}

/** Types the code of a challenge, in whichever flow: the one screen that all of them share. */
export function CodeStep(props: CodeStepProps) {
  const { challenge, onSent, onVerified, onRestart, windowTitle, steps, lead, late } = props;
  const { codeLength } = challenge;
  const field = useMemo(
    () =>
      createField('code', '', (code) =>
        code.length === codeLength ? undefined : () => t('rule.code', { count: codeLength }),
      ),
    [codeLength],
  );
  const { submit, busy, failure, over } = useVerifyCode({ challenge, field, onVerified });

  return (
    <Page
      title={t('code.title')}
      field={field.name}
      {...(windowTitle && { windowTitle })}
      {...(steps && { steps })}
      lead={
        lead ?? (
          <SentToPhone challenge={challenge}>{t('code.sentTo', { count: codeLength })}</SentToPhone>
        )
      }
    >
      <FailureNotice failure={failure} onRetry={submit}>
        {over && <Button onPress={onRestart}>{t('startAgain')}</Button>}
      </FailureNotice>
      {!over && (
        <>
          <Form onSubmit={submit}>
            <CodeField field={field} length={codeLength} about={leadId} fromSms onFilled={submit} />
            <Button submit busy={busy}>
              {t('code.verify')}
            </Button>
          </Form>
          <ResendSms
            challenge={challenge}
            onSent={onSent}
            onRestart={onRestart}
            {...(late && { late })}
          />
          {props.children}
        </>
      )}
      <p class="small soft">{t('code.secret')}</p>
    </Page>
  );
}
