import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../../i18n/index.ts';
import { announce } from '../../state/announce.ts';
import { client } from '../../state/session.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { Countdown, useSecondsUntil } from '../../ui/countdown.tsx';
import { FailureNotice, Notice } from '../../ui/notice.tsx';

/** A ticket, and until when it completes its flow: ISO 8601. */
export interface TimedTicket {
  readonly ticket: string;
  readonly expiresAt: string;
}

/** Seconds before its end at which the person is asked. */
const WARN = 120;

interface TicketTimeProps {
  readonly timed: TimedTicket;
  /** Stores the ticket with its new end in the history entry. */
  readonly onExtended: (timed: TimedTicket) => void;
  /** What to do when the time is over. */
  readonly children: ComponentChildren;
}

/** Says how long a form may take, asks before the time is over, and extends it in place (WCAG 2.2.1). */
export function TicketTime({ timed, onExtended, children }: TicketTimeProps) {
  const { ticket, expiresAt } = timed;
  const seconds = useSecondsUntil(expiresAt);
  const isLongest = useSignal(false);
  const extend = useTask(async () => {
    const extended = await client.extendTicket({ ticket });
    isLongest.value = extended.expiresAt === expiresAt;
    onExtended(extended);
    announce(isLongest.value ? t('time.last') : t('time.given'));
  });
  const isSoon = seconds.value <= WARN;
  const isOver = seconds.value === 0;
  useEffect(() => {
    if (isOver) announce(t('time.over'), 'assertive');
    else if (isSoon) announce(t('time.ask'), 'assertive');
  }, [isSoon, isOver]);

  if (isOver) {
    return (
      <Notice tone="warn" title={t('time.over')}>
        {children}
      </Notice>
    );
  }
  if (!isSoon) {
    return (
      <p class="small soft">
        {t('time.left')} <Countdown seconds={seconds} />
      </p>
    );
  }
  return (
    <Notice tone="warn" title={t('time.ask')}>
      <p>
        {t('time.soon')} <Countdown seconds={seconds} />
      </p>
      <FailureNotice failure={extend.failure.value} />
      {isLongest.value ? (
        <p>{t('time.last')}</p>
      ) : (
        <Button kind="second" busy={extend.busy.value} onPress={() => extend.run(undefined)}>
          {t('time.more')}
        </Button>
      )}
    </Notice>
  );
}
