import { type MoneyPorts, payForSms, recordReserved } from '../budgets/spend-breaker.ts';
import type { Ports } from '../ports/index.ts';
import type { SmsAnswer, SmsRoute } from '../ports/sms.ts';
import { isTrouble, type ProviderRound, type Send } from './send.ts';
import { createSendAttempts, type SendAttempt } from './send-attempts.ts';

type Needs = MoneyPorts & Pick<Ports, 'entropy' | 'sms'>;

/**
 * Seconds after which no further provider is tried. With the last provider's timeout, this stays below the
 * function's.
 */
const budgetSeconds = 12;

/**
 * Tries the providers one after the other until one accepts the send. Each attempt is paid and recorded on the item
 * before the provider is called: from then on, its SMS may be out. On a refusal or a failure, delete the attempt and
 * refund it. On a timeout keep both: the SMS may be out.
 *
 * Money that was reserved with the send pays for one attempt that may be out. After a refusal it pays for the next.
 * @throws errors of the table; the answers so far are stored first
 */
export const tryProviders =
  (ports: Needs) =>
  async (send: Send): Promise<ProviderRound> => {
    const attempts = createSendAttempts(ports, send);
    try {
      return await tryInOrder(ports, send, attempts);
    } catch (error) {
      // Store the answers so far: a refused attempt that stays recorded would count as one without an answer.
      const { removedAttempts, refusedBy } = attempts;
      await send.outbox
        .defer(send.id, send.sendNumber, { round: send.round, removedAttempts, refusedBy })
        .catch(() => undefined);
      throw error;
    }
  };

async function tryInOrder(
  ports: Needs,
  send: Send,
  attempts: ReturnType<typeof createSendAttempts>,
): Promise<ProviderRound> {
  const { clock, sms } = ports;
  const { sendNumber, round, expiresAt, retryPolicy } = send;
  const giveUpAt = Math.min(clock() + budgetSeconds, expiresAt);
  let [troubled, unanswered, retryLater] = [false, false, false];
  const outcome = (kind: ProviderRound['kind']): ProviderRound => ({
    kind,
    troubled,
    unanswered,
    removedAttempts: attempts.removedAttempts,
    refusedBy: attempts.refusedBy,
    mayBeOut: attempts.mayBeOut(),
  });

  for (const route of sms.inOrder(sendNumber)) {
    const attempt = attempts.next(route.name, clock());
    if (attempt === 'never') continue;
    if (attempt === 'later' || mustWait(route, clock() >= giveUpAt, attempts)) {
      retryLater = true;
      continue;
    }
    const answer = await tryProvider(ports, send, { route, attempt }, attempts);
    if (answer === 'no-budget' || answer === 'overtaken') return outcome(answer);
    if (answer.kind === 'accepted') return { ...outcome('accepted'), provider: route.name };
    troubled ||= isTrouble(answer);
    unanswered ||= answer.kind === 'unknown';
    retryLater ||= answer.kind === 'unknown' && attempts.next(route.name, clock()) !== 'never';
    retryLater ||=
      answer.kind === 'failed' && (answer.troubled || round < retryPolicy.maxDeclinedRounds);
  }
  return outcome(retryLater ? 'later' : 'over');
}

/**
 * Tells whether a provider has to wait for another round: no time is left, or it is resting while another provider
 * answers. Trying it now would delay the sends behind this one.
 */
const mustWait = (
  { circuitOpen }: SmsRoute,
  late: boolean,
  { refusedBy }: { readonly refusedBy: readonly string[] },
): boolean => late || (circuitOpen && refusedBy.length > 0);

async function tryProvider(
  ports: Needs,
  send: Send,
  { route, attempt }: { readonly route: SmsRoute; readonly attempt: SendAttempt },
  attempts: ReturnType<typeof createSendAttempts>,
): Promise<SmsAnswer | 'no-budget' | 'overtaken'> {
  const { payment, message } = send;
  const isPaid = send.reserved && !attempts.mayBeOut();
  const refund = isPaid
    ? await recordReserved(ports)(message.phone)
    : await payForSms(ports)(payment, message.phone);
  if (!refund) return 'no-budget';
  const recorded = await attempts.add(attempt).catch(async (error) => {
    await refund();
    throw error;
  });
  if (!recorded) {
    await refund();
    return 'overtaken';
  }
  const answer = await route.send(message);
  if (answer.kind === 'accepted' || answer.kind === 'unknown') return answer;
  attempts.removeAttempt(attempt, answer.kind === 'refused');
  // A failed refund must not stop the send. The day's ledgers then count money that was not spent.
  await refund().catch(() => undefined);
  return answer;
}
