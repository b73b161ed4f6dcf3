import type { Ports } from '../ports/index.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { OwedSend } from '../ports/retry-queue.ts';
import type { ProviderRound } from './send.ts';

/**
 * Leaves a send to its next round. Into the queue first: a crash in between has it asked for twice, and the other order
 * never again. Where the queue is out of reach, what the providers said is kept all the same.
 * @param owed with the number of the next round
 */
export const scheduleRetry =
  ({ clock, retries }: Pick<Ports, 'clock' | 'retries'>) =>
  async (
    { outbox, id }: { readonly outbox: Outbox; readonly id: string },
    owed: OwedSend,
    seconds: number,
    { removedAttempts, refusedBy, unanswered }: ProviderRound,
  ): Promise<void> => {
    const said = { removedAttempts, refusedBy, ...(unanswered && { unansweredAt: clock() }) };
    try {
      await retries.later(owed, seconds);
    } catch (error) {
      await outbox.defer(id, owed.sendNumber, { ...said, round: owed.round - 1 });
      throw error;
    }
    await outbox.defer(id, owed.sendNumber, { ...said, round: owed.round });
  };
