import { t } from '../../i18n/index.ts';
import { client } from '../../state/session.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { type CodeState, flow, type Method, startAgain } from './steps.ts';

/** The other methods that this login takes, and what to do without a phone. */
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
    // Where an app comes first nothing has been sent: an SMS nobody asked for is one too many.
    if (other === 'sms' && !challenge.sent) sms.run(challenge.id);
    else flow.replace({ ...now, method: other });
  }

  return (
    <div>
      <FailureNotice failure={failure} onRetry={() => sms.run(challenge.id)}>
        {(failure?.kind === 'challenge_expired' || failure?.kind === 'challenge_locked') && (
          <Button onPress={() => startAgain(now)}>{t('startAgain')}</Button>
        )}
      </FailureNotice>
      {others.map((other) => (
        <div key={other}>
          <Button kind="text" busy={other === 'sms' && sms.busy.value} onPress={() => use(other)}>
            {names[other]()}
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

const names: Readonly<Record<Method, () => string>> = {
  sms: () => t('login:useSms'),
  totp: () => t('factor.useTotp'),
  'recovery-code': () => t('factor.useRecovery'),
};
