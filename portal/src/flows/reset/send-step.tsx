import { t } from '../../i18n/index.ts';
import { isChallengeOver } from '../../state/failure.ts';
import { client } from '../../state/session.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import type { Challenge } from '../challenge/challenge.ts';
import { draft, flow, progress, startAgain } from './steps.ts';

interface SendStepProps {
  readonly challenge: Challenge;
  readonly username: string;
}

/** Sends the SMS when the person asks for it, with the phone in hand. Nothing has been sent before. */
export function SendStep({ challenge, username }: SendStepProps) {
  const send = useTask(async (id: string, call) => {
    const { challenge: sent } = await client.sendChallenge({ id }, call);
    draft.value = { ...draft.peek(), challenge: sent };
    // This step is used up, so the next one replaces it: back leads to the first step.
    flow.replace({ step: 'code', challenge: sent, username });
  });
  const failure = send.failure.value;
  const over = isChallengeOver(failure);
  const press = () => send.run(challenge.id);
  return (
    <Page
      title={t('reset:send.title')}
      flowTitle={t('reset:title')}
      lead={t('reset:send.to')}
      steps={progress('send')}
    >
      <FailureNotice failure={failure} onRetry={press}>
        {over && <Button onPress={() => startAgain(username)}>{t('startAgain')}</Button>}
      </FailureNotice>
      {!over && (
        <>
          <Button busy={send.busy.value} onPress={press}>
            {t('reset:send.send')}
          </Button>
          <div>
            <Button kind="text" onPress={() => flow.replace({ step: 'who', username })}>
              {t('reset:send.change')}
            </Button>
          </div>
        </>
      )}
    </Page>
  );
}
