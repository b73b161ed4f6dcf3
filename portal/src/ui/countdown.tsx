import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { minutesAndSeconds, secondsUntil } from '../state/server-clock.ts';
import { serverClock } from '../state/session.ts';

/** Seconds until an instant by the server's clock, updated once a second. @param until ISO 8601 */
export function useSecondsUntil(until: string): ReadonlySignal<number> {
  const left = useSignal(secondsUntil(until, serverClock.now()));
  useEffect(() => {
    const count = () => {
      left.value = secondsUntil(until, serverClock.now());
    };
    const timer = setInterval(count, 1000);
    count();
    // The interval stands still while the phone sleeps.
    document.addEventListener('visibilitychange', count);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', count);
    };
  }, [until, left]);
  return left;
}

/** Shows `0:45`. Screen readers do not read it every second: announce in words when it reaches zero. */
export function Countdown({ seconds }: { readonly seconds: ReadonlySignal<number> }) {
  return (
    <span class="ltr" role="timer" aria-live="off">
      {minutesAndSeconds(seconds.value)}
    </span>
  );
}
