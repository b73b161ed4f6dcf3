import { type Budgets, type Charge, ledgersOf, retryAfter } from '../model/ledger.ts';
import { Problem } from '../model/problems.ts';
import type { Ports } from '../ports/index.ts';

/**
 * What a challenge costs the ledgers of its phone and account: a send where one is made, and in any case room
 * in the failure budget. A new code never resets that count (NIST SP 800-63B-4 §3.1.3.2).
 */
export function ledgerCharges(
  challenge: Parameters<typeof ledgersOf>[0],
  limits: Ports['limits'],
  send: boolean,
): Charge[] {
  return ledgersOf(challenge).map((ledger) => {
    const yearly = ledger.scope.endsWith('-year');
    const failuresPerWindow = yearly ? limits.failuresPerYear : limits.failuresPerDay;
    return send && ledger.scope.startsWith('phone-')
      ? { ledger, counts: 'uses', budgets: { failuresPerWindow, ...sendBudgets(limits) } }
      : { ledger, budgets: { failuresPerWindow } };
  });
}

const sendBudgets = ({ sendsPerPhoneAndHour, sendsPerPhoneAndDay }: Ports['limits']): Budgets => ({
  usesPerPart: sendsPerPhoneAndHour,
  usesPerWindow: sendsPerPhoneAndDay,
});

/**
 * What the start of a challenge costs besides: a login's takes a unit of its account, sent or not. An authenticator app
 * is guessed at without any SMS, and failures are looked at only here: else as many as start at once could be tried.
 * Completing gives it back, because then nobody guesses at it any more.
 */
export function startCharges(
  start: Parameters<typeof ledgerCharges>[0],
  limits: Ports['limits'],
  send: boolean,
): Charge[] {
  return ledgerCharges(start, limits, send).map((charge) =>
    charge.ledger.scope === 'account-login' ? loginUnit(charge, limits) : charge,
  );
}

/** The unit that the start of a login's challenge took of its account. */
export const loginUnit = (
  { ledger, budgets }: Charge,
  { loginsPerAccountAndHour, loginsPerAccountAndDay }: Ports['limits'],
): Charge => ({
  ledger,
  counts: 'uses',
  budgets: {
    ...budgets,
    usesPerPart: loginsPerAccountAndHour,
    usesPerWindow: loginsPerAccountAndDay,
  },
});

/** @throws Problem too_many_requests, with the seconds after which the same request can go through */
export function throwIfRefused(
  result:
    | { readonly kind: string }
    | Extract<Awaited<ReturnType<Ports['ledgers']['charge']>>, { kind: 'refused' }>,
  now: number,
): void {
  if (!('charge' in result)) return;
  const seconds = retryAfter(result.counts, result.charge, now);
  throw new Problem('too_many_requests', { retryAfter: seconds });
}
