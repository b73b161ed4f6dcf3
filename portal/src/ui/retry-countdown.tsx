import type { ReadonlySignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { t } from '../i18n/index.ts';
import { announce } from '../state/announce.ts';
import { type Failure, waitText } from '../state/failure.ts';
import { serverClock } from '../state/session.ts';
import { Countdown, useSecondsUntil } from './countdown.tsx';

/** Seconds. A longer wait is shown in words: people do not sit and watch it count down. */
const LONGEST_COUNTDOWN = 600;

interface RetryCountdownProps {
  readonly failure: Failure;
  /** Shown when the wait is over. */
  readonly children?: ComponentChildren;
}

/** Counts down from the server's answer until a retry is allowed, and announces the end. */
export function RetryCountdown({ failure, children }: RetryCountdownProps) {
  const until = useMemo(() => {
    const seconds = failure.problem?.retryAfter ?? 60;
    return new Date(serverClock.now() + seconds * 1000).toISOString();
  }, [failure]);
  const seconds = useSecondsUntil(until);
  const over = seconds.value === 0;
  useEffect(() => {
    if (over) announce(t('wait.over'));
  }, [over]);
  // Turn off the live region: inside an alert, each change would have the whole alert read out again.
  return (
    <div aria-live="off">
      <p>{over ? t('wait.over') : <Left seconds={seconds} />}</p>
      {over && children}
    </div>
  );
}

function Left({ seconds }: { readonly seconds: ReadonlySignal<number> }) {
  if (seconds.value > LONGEST_COUNTDOWN) {
    return <>{t('problem.too_many_requests.text', { when: waitText(seconds.value) })}</>;
  }
  return (
    <>
      {t('wait.in')} <Countdown seconds={seconds} />
    </>
  );
}
