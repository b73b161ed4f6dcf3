import type { Outcome } from '#core/delivery/deliver-challenge.ts';
import type { OwedSend } from '#core/ports/retry-queue.ts';
import { log, metric } from '../../observability/log.ts';

/** Says what became of a send: to whoever reads the log, and to the alarms. */
export function report(send: OwedSend, delivery: Outcome): void {
  log('INFO', 'outbox', { delivery });
  // A code that is known beforehand: to be seen by whoever expects no review.
  if (delivery === 'review') metric('ReviewNumberUsed');
  if (delivery === 'no-budget') metric('SmsBreakerOpened');
  // Somebody was not told, for all we know, of what was done to their account. Who lost a code asks for another.
  const isGivenUp = delivery === 'expired' || delivery === 'unanswered';
  if (isGivenUp && 'noticeId' in send) metric('NoticeFailed');
}
