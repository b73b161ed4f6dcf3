import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { entry } from '../../state/router.ts';
import { client, serverClock } from '../../state/session.ts';
import type { Challenge } from './challenge.ts';

/** Where an SMS is. `unknown`: the server could not say. */
export type SmsDelivery = NonNullable<Challenge['delivery']> | 'unknown';

/** Most messages arrive within this time; after it, people begin to wonder. */
const LATE_AFTER_MS = 10_000;
/** Time between two polls: first the short one, and after `FAST_POLLS` polls the long one. */
const FAST_POLL_MS = 5_000;
const SLOW_POLL_MS = 15_000;
const FAST_POLLS = 12;

/**
 * Polls where a late SMS is. Undefined until the SMS is late.
 * @param sends how often it was sent; a change starts again
 */
export function useSmsDelivery(
  challenge: Challenge,
  sends: number,
): ReadonlySignal<SmsDelivery | undefined> {
  const delivery = useSignal<SmsDelivery | undefined>(undefined);
  useEffect(() => {
    delivery.value = undefined;
    const begun = performance.now();
    // A reloaded page does not know the server's time: poll at once to learn it. The answer is still shown only when late.
    let timer = setTimeout(poll, entry.peek().arrived ? LATE_AFTER_MS : 0);
    let polls = 0;
    const ending = new AbortController();
    async function poll(): Promise<void> {
      polls += 1;
      const answer = await client
        .readChallenge({ id: challenge.id }, { signal: ending.signal })
        .catch(() => undefined);
      if (ending.signal.aborted) return;
      const early = LATE_AFTER_MS - (performance.now() - begun);
      if (early <= 0) delivery.value = answer?.challenge.delivery ?? delivery.value ?? 'unknown';
      if (serverClock.now() > Date.parse(challenge.expiresAt)) return;
      const pause = polls < FAST_POLLS ? FAST_POLL_MS : SLOW_POLL_MS;
      timer = setTimeout(poll, early > 0 ? early : pause);
    }
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [challenge.id, sends]);
  return delivery;
}
