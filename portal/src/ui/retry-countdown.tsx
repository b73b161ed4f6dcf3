import type { ReadonlySignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { t } from '../i18n/index.ts';
import { announce } from '../state/announce.ts';
import { type Failure, waitText } from '../state/failure.ts';
import { serverClock } from '../state/session.ts';
import { Countdown, useSecondsUntil } from './countdown.tsx';

/** Seconds. What is longer nobody waits for before the page, and is told in words. */
const watched = 600;

interface RetryCountdownProps {
  readonly failure: Failure;
  /** What there is to do when it is over. */
  readonly children?: ComponentChildren;
}

/** How long to wait, as long as that is: it counts from the answer that said so, and says when it is over. */
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
  // An alert is read out again, all of it, at every minute that passes in it: what there is to hear is announced above.
  return (
    <div aria-live="off">
      <p>{over ? t('wait.over') : <Left seconds={seconds} />}</p>
      {over && children}
    </div>
  );
}

function Left({ seconds }: { readonly seconds: ReadonlySignal<number> }) {
  if (seconds.value > watched) {
    return <>{t('problem.too_many_requests.text', { when: waitText(seconds.value) })}</>;
  }
  return (
    <>
      {t('wait.in')} <Countdown seconds={seconds} />
    </>
  );
}
