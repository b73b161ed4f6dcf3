import { payForSms } from '../budgets/spend-breaker.ts';
import type { Payment } from '../model/purpose.ts';
import type { Ports } from '../ports/index.ts';
import type { SmsAnswer, SmsMessage, SmsRoute } from '../ports/sms.ts';
import { isTrouble, type ProviderRound, type Send } from './send.ts';
import { createSendAttempts, type SendAttempt } from './send-attempts.ts';

type Needs = Pick<Ports, 'clock' | 'entropy' | 'sms' | 'spendings' | 'breakers' | 'spending'>;

/** Seconds after which no further provider is asked: with the time-out of the last one, less than the function has. */
const budgetSeconds = 12;

/**
 * Asks the providers for one send, one after the other, until one takes it. Each is noted on the item before it is
 * asked: from then on its SMS may be out. Who says no is removedAttempts off again, and paid back; who says nothing is not.
 */
export const tryProviders =
  (ports: Needs) =>
  async (send: Send): Promise<ProviderRound> => {
    const notes = createSendAttempts(ports, send);
    try {
      return await tryInOrder(ports, send, notes);
    } catch (error) {
      // What was said must not be forgotten with what failed: a "no" that is still noted counts as no answer.
      const { removedAttempts, refusedBy } = notes;
      await send.outbox
        .defer(send.id, send.sendNumber, { round: send.round, removedAttempts, refusedBy })
        .catch(() => undefined);
      throw error;
    }
  };

async function tryInOrder(
  ports: Needs,
  { sendNumber, round, expiresAt, payment, retryPolicy, message }: Send,
  notes: ReturnType<typeof createSendAttempts>,
): Promise<ProviderRound> {
  const { clock, sms } = ports;
  const giveUpAt = Math.min(clock() + budgetSeconds, expiresAt);
  let [troubled, unanswered, again] = [false, false, false];
  const outcome = (kind: ProviderRound['kind']): ProviderRound => ({
    kind,
    troubled,
    unanswered,
    removedAttempts: notes.removedAttempts,
    refusedBy: notes.refusedBy,
    mayBeOut: notes.mayBeOut(),
  });

  for (const route of sms.inOrder(sendNumber)) {
    const ask = notes.next(route.name, clock());
    if (ask === 'never') continue;
    if (ask === 'later' || mustWait(route, clock() >= giveUpAt, notes)) {
      again = true;
      continue;
    }
    const answer = await tryProvider(ports, { route, ask, payment, message }, notes);
    if (answer === 'no-budget' || answer === 'overtaken') return outcome(answer);
    if (answer.kind === 'accepted') return { ...outcome('accepted'), provider: route.name };
    troubled ||= isTrouble(answer);
    unanswered ||= answer.kind === 'unknown';
    again ||= answer.kind === 'unknown' && notes.next(route.name, clock()) !== 'never';
    again ||=
      answer.kind === 'failed' && (answer.troubled || round < retryPolicy.roundsOfDeclining);
  }
  return outcome(again ? 'later' : 'over');
}

/** Where another one answers, nobody waits for a provider at rest: it would hold up those behind this send. */
const mustWait = (
  { resting }: SmsRoute,
  late: boolean,
  { refusedBy }: { readonly refusedBy: readonly string[] },
): boolean => late || (resting && refusedBy.length > 0);

async function tryProvider(
  ports: Needs,
  asking: { route: SmsRoute; ask: SendAttempt; payment: Payment; message: SmsMessage },
  notes: ReturnType<typeof createSendAttempts>,
): Promise<SmsAnswer | 'no-budget' | 'overtaken'> {
  const { route, ask, payment, message } = asking;
  const refund = await payForSms(ports)(payment, message.phone);
  if (!refund) return 'no-budget';
  const noted = await notes.add(ask).catch(async (error) => {
    await refund();
    throw error;
  });
  if (!noted) {
    await refund();
    return 'overtaken';
  }
  const answer = await route.send(message);
  if (answer.kind === 'accepted' || answer.kind === 'unknown') return answer;
  notes.removeAttempt(ask, answer.kind === 'refused');
  // Money that cannot be given back now is lost to the day's books, and the send goes on.
  await refund().catch(() => undefined);
  return answer;
}
