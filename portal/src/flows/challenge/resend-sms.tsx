import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n/index.ts';
import { announce } from '../../state/announce.ts';
import { isChallengeOver } from '../../state/failure.ts';
import { client } from '../../state/session.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { Countdown, useSecondsUntil } from '../../ui/countdown.tsx';
import { FailureNotice, Notice } from '../../ui/notice.tsx';
import type { Challenge } from './challenge.ts';
import { type SmsDelivery, useSmsDelivery } from './use-sms-delivery.ts';

/** What to do about a late SMS. */
export type LateText = (delivery: SmsDelivery) => string;

const lateText: LateText = (delivery) => t(`code.late.${delivery}`);

interface ResendSmsProps {
  readonly challenge: Challenge;
  readonly onSent: (challenge: Challenge) => void;
  readonly onRestart: () => void;
  readonly late?: LateText;
}

/** Says where a late SMS is, and offers to send it again as soon as the server allows that. */
export function ResendSms({ challenge, onSent, onRestart, late = lateText }: ResendSmsProps) {
  const sends = useSignal(0);
  const delivery = useSmsDelivery(challenge, sends.value).value;
  const seconds = useSecondsUntil(challenge.sendAgainAt);
  const send = useTask(async () => {
    const { challenge: sent } = await client.sendChallenge({ id: challenge.id });
    sends.value += 1;
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
        {isChallengeOver(failure) && <Button onPress={onRestart}>{t('startAgain')}</Button>}
      </FailureNotice>
      {seconds.value > 0 ? (
        <p class="soft">
          {sends.value > 0 && `${t('code.sentAgain')} `}
          {t('code.againIn')} <Countdown seconds={seconds} />
        </p>
      ) : (
        // The notice of this failure has its own countdown and retry button.
        failure?.kind !== 'too_many_requests' && (
          <Button kind="second" busy={send.busy.value} onPress={() => send.run(undefined)}>
            {t('code.again')}
          </Button>
        )
      )}
    </div>
  );
}

/** Announces the end of the countdown to people who do not see it; not if it was over from the start. */
function useAnnouncedEnd(over: boolean): void {
  const counted = useRef(false);
  useEffect(() => {
    if (over && counted.current) announce(t('code.againNow'));
    counted.current = !over;
  }, [over]);
}
