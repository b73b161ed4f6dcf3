import { t } from '../../i18n/index.ts';
import { isChallengeOver } from '../../state/failure.ts';
import { client } from '../../state/session.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { ForgotPassword } from './forgot-password.tsx';
import { OtherMethods } from './other-methods.tsx';
import { type CodeState, flow, startAgain } from './steps.ts';

/** Says why the phone comes before the password, and sends the SMS when the person asks for it. */
export function PhoneFirstStep({ now }: { readonly now: CodeState }) {
  const { challenge, username } = now;
  const send = useTask(async (id: string, call) => {
    const { challenge: sent } = await client.sendChallenge({ id }, call);
    flow.replace({ ...now, challenge: sent });
  });
  const failure = send.failure.value;
  const over = isChallengeOver(failure);
  const press = () => send.run(challenge.id);
  return (
    <Page
      title={t('login:phoneFirst.title')}
      flowTitle={t('login:title')}
      lead={t('login:phoneFirst.lead')}
    >
      <FailureNotice failure={failure} onRetry={press}>
        {over && <Button onPress={() => startAgain(now)}>{t('startAgain')}</Button>}
        {failure?.kind === 'too_many_requests' && <ForgotPassword username={username} />}
      </FailureNotice>
      {!over && (
        <>
          <Button busy={send.busy.value} onPress={press}>
            {t('login:phoneFirst.send')}
          </Button>
          <OtherMethods now={now} />
        </>
      )}
    </Page>
  );
}
