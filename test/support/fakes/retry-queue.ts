import type { OwedSend, RetryQueue } from '#core/ports/retry-queue.ts';

export interface FakeRetryQueue extends RetryQueue {
  readonly waiting: { readonly send: OwedSend; readonly seconds: number }[];
}

/** Sends that wait, with the delay of each. Nothing takes them out of the queue by itself. */
export function fakeRetryQueue(): FakeRetryQueue {
  const waiting: FakeRetryQueue['waiting'] = [];
  return {
    waiting,
    async later(send, seconds) {
      waiting.push({ send, seconds });
    },
  };
}
