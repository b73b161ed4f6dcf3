import { t } from '../../i18n/index.ts';
import { client } from '../../state/session.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { SentToPhone } from '../challenge/sent-to-phone.tsx';
import type { Challenge } from '../challenge/use-sms-delivery.ts';
import { draft, flow, progress, startAgain } from './steps.ts';

interface SendStepProps {
  readonly challenge: Challenge;
  readonly username: string;
}

/** Nothing has been sent so far: the person says when, with the phone in their hand. */
export function SendStep({ challenge, username }: SendStepProps) {
  const send = useTask(async (id: string, call) => {
    const { challenge: sent } = await client.sendChallenge({ id }, call);
    draft.value = { ...draft.peek(), challenge: sent };
    // In the place of this step, which is used up: back leads to the details.
    flow.replace({ step: 'code', challenge: sent, username });
  });
  const failure = send.failure.value;
  const over = failure?.kind === 'challenge_expired' || failure?.kind === 'challenge_locked';
  const press = () => send.run(challenge.id);
  return (
    <Page
      title={t('reset:send.title')}
      windowTitle={t('reset:title')}
      lead={<SentToPhone challenge={challenge}>{t('reset:send.to')}</SentToPhone>}
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
