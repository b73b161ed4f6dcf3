import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n/index.ts';
import { announce } from '../../state/announce.ts';
import { client } from '../../state/session.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { Countdown, useSecondsUntil } from '../../ui/countdown.tsx';
import { FailureNotice, Notice } from '../../ui/notice.tsx';
import { type Challenge, type Delivery, useSmsDelivery } from './use-sms-delivery.ts';

/** What to do about an SMS that is late, by where it is. */
export type LateText = (delivery: Delivery | 'unknown') => string;

const lateText: LateText = (delivery) => t(`code.late.${delivery}`);

interface ResendSmsProps {
  readonly challenge: Challenge;
  readonly onSent: (challenge: Challenge) => void;
  readonly onRestart: () => void;
  readonly late?: LateText;
}

/** When the SMS is late: where it is, and asking for it again as soon as that is allowed. */
export function ResendSms({ challenge, onSent, onRestart, late = lateText }: ResendSmsProps) {
  const round = useSignal(0);
  const delivery = useSmsDelivery(challenge, round.value).value;
  const seconds = useSecondsUntil(challenge.sendAgainAt);
  const send = useTask(async () => {
    const { challenge: sent } = await client.sendChallenge({ id: challenge.id });
    round.value += 1;
    onSent(sent);
    announce(t('code.sentAgain'));
  });
  useAnnouncedEnd(seconds.value === 0);
  const failure = send.failure.value;
  return (
    <div class="stack">
      {delivery && (
        <Notice tone={delivery === 'failed' ? 'warn' : 'plain'} title={t('code.late.title')}>
          <p>{late(delivery)}</p>
        </Notice>
      )}
      <FailureNotice failure={failure} onRetry={() => send.run(undefined)}>
        {failure?.kind === 'too_many_requests' && <p>{t('code.tooOften')}</p>}
        {(failure?.kind === 'challenge_expired' || failure?.kind === 'challenge_locked') && (
          <Button onPress={onRestart}>{t('startAgain')}</Button>
        )}
      </FailureNotice>
      {seconds.value > 0 ? (
        <p class="soft">
          {round.value > 0 && `${t('code.sentAgain')} `}
          {t('code.againIn')} <Countdown seconds={seconds} />
        </p>
      ) : (
        // What is refused now says itself when it may be tried again.
        failure?.kind !== 'too_many_requests' && (
          <Button kind="second" busy={send.busy.value} onPress={() => send.run(undefined)}>
            {t('code.again')}
          </Button>
        )
      )}
    </div>
  );
}

/** Whoever does not see the countdown hears of its end; not where it was over from the start. */
function useAnnouncedEnd(over: boolean): void {
  const counted = useRef(false);
  useEffect(() => {
    if (over && counted.current) announce(t('code.againNow'));
    counted.current = !over;
  }, [over]);
}
