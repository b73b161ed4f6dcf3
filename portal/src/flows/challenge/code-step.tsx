import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { t } from '../../i18n/index.ts';
import { createField } from '../../state/form.ts';
import { Button } from '../../ui/button.tsx';
import { CodeField } from '../../ui/code-field.tsx';
import { Form } from '../../ui/form.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { leadId, Page } from '../../ui/page.tsx';
import type { StepProgressProps } from '../../ui/step-progress.tsx';
import type { Challenge } from './challenge.ts';
import { CodeTime } from './code-time.tsx';
import { type LateText, ResendSms } from './resend-sms.tsx';
import { SentToPhone } from './sent-to-phone.tsx';
import { type OnVerified, useVerifyCode } from './use-verify-code.ts';

interface CodeStepProps {
  readonly challenge: Challenge;
  /** Called after a resend, with the challenge's new times: store it in the history entry. */
  readonly onSent: (challenge: Challenge) => void;
  /** Continues with the ticket. A retry after a lost answer calls it with the same ticket and idempotency key. */
  readonly onVerified: OnVerified;
  /** Goes back to the step that starts a challenge. What was typed there is kept. */
  readonly onRestart: () => void;
  readonly flowTitle?: string;
  readonly steps?: StepProgressProps;
  /** Replaces the sentence that an SMS was sent, for a flow that must not say so. */
  readonly lead?: ComponentChildren;
  /** Replaces the advice about a late SMS, for a flow in which the number was not just typed. */
  readonly late?: LateText;
  /** Other actions, shown below. */
  readonly children?: ComponentChildren;
}

/** The step that takes the code of an SMS. Every flow uses this screen. */
export function CodeStep(props: CodeStepProps) {
  const { challenge, onSent, onVerified, onRestart, flowTitle, steps, lead, late } = props;
  const { codeLength, destination } = challenge;
  const field = useMemo(
    () =>
      createField('code', '', (code) =>
        code.length === codeLength ? undefined : () => t('rule.code', { count: codeLength }),
      ),
    [codeLength],
  );
  const { submit, busy, failure, over } = useVerifyCode({ challenge, field, onVerified });
  const sentTo = t('code.sentTo', { count: codeLength });

  return (
    <Page
      title={t('code.title')}
      field={field.name}
      flowTitle={flowTitle}
      steps={steps}
      lead={lead ?? (destination && <SentToPhone phone={destination}>{sentTo}</SentToPhone>)}
    >
      <FailureNotice failure={failure} onRetry={submit}>
        {over && <Button onPress={onRestart}>{t('startAgain')}</Button>}
      </FailureNotice>
      {!over && (
        <>
          <Form onSubmit={submit}>
            <CodeField
              field={field}
              length={codeLength}
              describedBy={leadId}
              fromSms
              onFilled={submit}
            />
            <Button submit busy={busy}>
              {t('code.verify')}
            </Button>
          </Form>
          <CodeTime challenge={challenge} onRestart={onRestart} />
          <ResendSms challenge={challenge} onSent={onSent} onRestart={onRestart} late={late} />
          {props.children}
        </>
      )}
      <p class="small soft">{t('code.secret')}</p>
    </Page>
  );
}
