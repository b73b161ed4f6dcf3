import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { minutesAndSeconds, secondsUntil } from '../state/server-clock.ts';
import { serverClock } from '../state/session.ts';

/** Seconds until an instant, by the server's clock; counts down once a second. @param until ISO 8601 */
export function useSecondsUntil(until: string): ReadonlySignal<number> {
  const left = useSignal(secondsUntil(until, serverClock.now()));
  useEffect(() => {
    const count = () => {
      left.value = secondsUntil(until, serverClock.now());
    };
    const timer = setInterval(count, 1000);
    count();
    // A phone that slept has missed its ticks.
    document.addEventListener('visibilitychange', count);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', count);
    };
  }, [until, left]);
  return left;
}

/** `0:45`, going down. Not read out each second: say in words when it is over. */
export function Countdown({ seconds }: { readonly seconds: ReadonlySignal<number> }) {
  return (
    <span class="ltr" role="timer" aria-live="off">
      {minutesAndSeconds(seconds.value)}
    </span>
  );
}
