import type { Ports } from '../ports/index.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { OwedSend } from '../ports/retry-queue.ts';
import type { ProviderRound } from './send.ts';

/**
 * Schedules the next round of a send. Enqueue before the update: a crash then causes a duplicate attempt, the reverse
 * order would lose the message. If the queue cannot be reached, the providers' answers are stored all the same.
 * @param owed the send, with the number of its next round
 * @param seconds delay of the next round
 * @throws the queue's or the table's own error
 */
export const scheduleRetry =
  ({ clock, retries }: Pick<Ports, 'clock' | 'retries'>) =>
  async (
    { outbox, id }: { readonly outbox: Outbox; readonly id: string },
    owed: OwedSend,
    seconds: number,
    { removedAttempts, refusedBy, unanswered }: ProviderRound,
  ): Promise<void> => {
    const answers = { removedAttempts, refusedBy, ...(unanswered && { unansweredAt: clock() }) };
    try {
      await retries.later(owed, seconds);
    } catch (error) {
      await outbox.defer(id, owed.sendNumber, { ...answers, round: owed.round - 1 });
      throw error;
    }
    await outbox.defer(id, owed.sendNumber, { ...answers, round: owed.round });
  };
