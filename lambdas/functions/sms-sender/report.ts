import type { Outcome } from '#core/delivery/deliver-challenge.ts';
import type { OwedSend } from '#core/ports/retry-queue.ts';
import { log, metric } from '../../observability/log.ts';

/** Reports the outcome of a send to the log and to the alarms. */
export function report(send: OwedSend, delivery: Outcome): void {
  log('INFO', 'outbox', { delivery });
  // A reviewer's code is known beforehand. An operator who expects no review should see its use.
  if (delivery === 'review') metric('ReviewNumberUsed');
  if (delivery === 'no-budget') metric('SmsBreakerOpened');
  // A function must have been taken over.
  if (delivery === 'forged') metric('ForgedPhone');
  // The owner may not know of a change to their account. A person who lost a code asks for another one.
  const isGivenUp = delivery === 'expired' || delivery === 'unanswered';
  if (isGivenUp && 'noticeId' in send) metric('NoticeFailed');
}

/** Reports an owner who lost the account or its phone, and whose number does not open. */
export function reportUntold(): void {
  log('ERROR', 'outbox', { error: 'OwnerUntold' });
  metric('NoticeFailed');
}
