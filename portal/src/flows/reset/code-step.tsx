import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { CodeStep as AnyCodeStep } from '../challenge/code-step.tsx';
import type { LateText } from '../challenge/resend-sms.tsx';
import { SentToPhone } from '../challenge/sent-to-phone.tsx';
import type { Challenge } from '../challenge/use-sms-delivery.ts';
import { draft, dropChallenge, flow, progress, startAgain } from './steps.ts';

interface CodeStepProps {
  readonly challenge: Challenge;
  readonly username: string;
}

/** What the API tells of a reset's SMS follows from the time alone (decision 15), and so does what is said here. */
const late: LateText = (delivery) =>
  t(`reset:code.late.${delivery === 'queued' || delivery === 'failed' ? delivery : 'sent'}`);

/** The code, without a word on whether one was sent: a pair that is nobody's looks the same. */
export const CodeStep = ({ challenge, username }: CodeStepProps) => (
  <AnyCodeStep
    challenge={challenge}
    windowTitle={t('reset:title')}
    lead={<SentToPhone challenge={challenge}>{t('reset:code.to')}</SentToPhone>}
    late={late}
    steps={progress('code')}
    onSent={(sent) => {
      draft.value = { ...draft.peek(), challenge: sent };
      flow.replace({ step: 'code', challenge: sent, username });
    }}
    // In the place of the code, which is used up: back leads to the details.
    onVerified={(ticket) => {
      dropChallenge();
      flow.replace({ step: 'password', ticket, username });
    }}
    onRestart={() => startAgain(username)}
  >
    <div>
      <Button kind="text" onPress={() => flow.replace({ step: 'who', username })}>
        {t('reset:send.change')}
      </Button>
      <details class="details">
        <summary>{t('reset:code.helpTitle')}</summary>
        <p>{t('reset:code.help')}</p>
      </details>
    </div>
  </AnyCodeStep>
);
