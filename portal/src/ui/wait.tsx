import { useEffect, useMemo } from 'preact/hooks';
import { t } from '../i18n/index.ts';
import { announce } from '../state/announce.ts';
import { type Failure, waitText } from '../state/failure.ts';
import { serverClock } from '../state/session.ts';
import { Countdown, useSecondsUntil } from './countdown.tsx';

/** Seconds. What is longer nobody waits for before the page, and is told in words. */
const watched = 600;

/** How long to wait, as long as that is: it counts from the answer that said so, and says when it is over. */
export function Wait({ failure }: { readonly failure: Failure }) {
  const until = useMemo(() => {
    const seconds = failure.problem?.retryAfter ?? 60;
    return new Date(serverClock.now() + seconds * 1000).toISOString();
  }, [failure]);
  const seconds = useSecondsUntil(until);
  const over = seconds.value === 0;
  useEffect(() => {
    if (over) announce(t('wait.over'));
  }, [over]);
  if (over) return <>{t('wait.over')}</>;
  if (seconds.value > watched) {
    return <>{t('problem.too_many_requests.text', { when: waitText(seconds.value) })}</>;
  }
  return (
    <>
      {t('wait.in')} <Countdown seconds={seconds} />
    </>
  );
}
