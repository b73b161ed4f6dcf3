import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Answer } from '../../../../client/src/index.ts';
import { entry } from '../../state/router.ts';
import { client, serverClock } from '../../state/session.ts';

export type Challenge = Answer<'readChallenge'>['challenge'];
export type Delivery = NonNullable<Challenge['delivery']>;

/** Milliseconds. Most messages are there within them; then people begin to wonder. */
const patience = 10_000;
const between = 5_000;
/** Later on, where nothing new is to be expected. */
const betweenLater = 15_000;
const often = 12;

/**
 * Where the SMS is, once it is late; undefined before, and `unknown` where that cannot be told.
 * @param round a number that is another after each sending
 */
export function useSmsDelivery(
  challenge: Challenge,
  round: number,
): ReadonlySignal<Delivery | 'unknown' | undefined> {
  const delivery = useSignal<Delivery | 'unknown' | undefined>(undefined);
  useEffect(() => {
    delivery.value = undefined;
    const begun = performance.now();
    // A page that was loaded anew has no server's time yet: it asks at once, and is as patient as any.
    let timer = setTimeout(ask, entry.peek().arrived ? patience : 0);
    let asked = 0;
    const ending = new AbortController();
    async function ask(): Promise<void> {
      asked += 1;
      const answer = await client
        .readChallenge({ id: challenge.id }, { signal: ending.signal })
        .catch(() => undefined);
      if (ending.signal.aborted) return;
      const early = patience - (performance.now() - begun);
      if (early <= 0) delivery.value = answer?.challenge.delivery ?? delivery.value ?? 'unknown';
      const over = serverClock.now() > Date.parse(challenge.expiresAt);
      if (!over)
        timer = setTimeout(ask, early > 0 ? early : asked < often ? between : betweenLater);
    }
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [challenge.id, round]);
  return delivery;
}
