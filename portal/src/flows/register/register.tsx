import './texts.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { CodeStep } from '../challenge/code-step.tsx';
import { DetailsStep } from './details-step.tsx';
import { DoneStep } from './done-step.tsx';
import { PhoneStep } from './phone-step.tsx';
import { draft, dropChallenge, flow, progress, startAgain } from './steps.ts';

/** Phone → code → details → done. */
export default function Register() {
  const now = flow.current.value;
  switch (now.step) {
    case 'phone':
      return <PhoneStep />;
    case 'code':
      return (
        <CodeStep
          key={now.challenge.id}
          challenge={now.challenge}
          flowTitle={t('register:title')}
          steps={progress('code')}
          onSent={(challenge) => {
            draft.value = { ...draft.peek(), challenge };
            flow.replace({ step: 'code', challenge });
          }}
          // The code is used up, so the next step replaces it: back leads to the phone.
          onVerified={(ticket, _, expiresAt) => {
            dropChallenge();
            flow.replace({ step: 'details', ticket, expiresAt });
          }}
          onRestart={startAgain}
        >
          <Button kind="text" onPress={startAgain}>
            {t('code.otherPhone')}
          </Button>
        </CodeStep>
      );
    case 'details':
      return <DetailsStep now={now} />;
    case 'done':
      return <DoneStep username={now.username} />;
  }
}
