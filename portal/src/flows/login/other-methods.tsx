import { t } from '../../i18n/index.ts';
import { isChallengeOver } from '../../state/failure.ts';
import { client } from '../../state/session.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { type CodeState, flow, type Method, startAgain } from './steps.ts';

/** Offers the other methods of this login, and says what to do without a phone. */
export function OtherMethods({ now }: { readonly now: CodeState }) {
  const { challenge, method } = now;
  const others = challenge.methods.filter((one) => one !== method);
  const sms = useTask(async (id: string, call) => {
    const { challenge: sent } = await client.sendChallenge({ id }, call);
    const next: CodeState = { ...now, challenge: sent, method: 'sms' };
    flow.replace(next);
  });
  const failure = sms.failure.value;

  function use(other: Method): void {
    // If an app comes first, no SMS has been sent yet: send it only when the person asks for it.
    if (other === 'sms' && !challenge.sent) sms.run(challenge.id);
    else flow.replace({ ...now, method: other });
  }

  return (
    <div>
      <FailureNotice failure={failure} onRetry={() => sms.run(challenge.id)}>
        {isChallengeOver(failure) && (
          <Button onPress={() => startAgain(now)}>{t('startAgain')}</Button>
        )}
      </FailureNotice>
      {others.map((other) => (
        <div key={other}>
          <Button kind="text" busy={other === 'sms' && sms.busy.value} onPress={() => use(other)}>
            {methodNames[other]()}
          </Button>
        </div>
      ))}
      <Button kind="text" onPress={() => startAgain({ ...now, username: '' })}>
        {t('login:otherUsername')}
      </Button>
      <details class="details">
        <summary>{t('login:lost.title')}</summary>
        <p>{challenge.methods.length > 1 ? t('login:lost.more') : t('login:lost.sms')}</p>
      </details>
    </div>
  );
}

const methodNames: Readonly<Record<Method, () => string>> = {
  sms: () => t('login:useSms'),
  totp: () => t('factor.useTotp'),
  'recovery-code': () => t('factor.useRecovery'),
};
