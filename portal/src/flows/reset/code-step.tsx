import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import type { Challenge } from '../challenge/challenge.ts';
import { CodeStep as SharedCodeStep } from '../challenge/code-step.tsx';
import type { LateText } from '../challenge/resend-sms.tsx';
import { draft, dropChallenge, flow, progress, startAgain } from './steps.ts';

interface CodeStepProps {
  readonly challenge: Challenge;
  readonly username: string;
}

/** The API derives the delivery of a reset's SMS from the time alone (decision 15), so this text may not say more. */
const late: LateText = (delivery) =>
  t(`reset:code.late.${delivery === 'queued' || delivery === 'failed' ? delivery : 'sent'}`);

/** Takes the code. The page says neither whether an SMS was sent nor to which phone: every pair looks the same. */
export const CodeStep = ({ challenge, username }: CodeStepProps) => (
  <SharedCodeStep
    challenge={challenge}
    flowTitle={t('reset:title')}
    lead={t('reset:code.to')}
    late={late}
    steps={progress('code')}
    onSent={(sent) => {
      draft.value = { ...draft.peek(), challenge: sent };
      flow.replace({ step: 'code', challenge: sent, username });
    }}
    // The code is used up, so the next step replaces it: back leads to the first step.
    onVerified={(ticket, _, expiresAt) => {
      dropChallenge();
      flow.replace({ step: 'password', ticket, expiresAt, username });
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
  </SharedCodeStep>
);
