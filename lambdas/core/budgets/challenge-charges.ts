import type { Challenge } from '../model/challenge.ts';
import {
  type Budgets,
  type Charge,
  type ChargedUnit,
  hasRoom,
  type LedgerKey,
  type LedgerSubject,
  ledgersOf,
  longest,
  retryAfter,
} from '../model/ledger.ts';
import { limitOf } from '../model/limit-kind.ts';
import { Problem } from '../model/problems.ts';
import type { Purpose } from '../model/purpose.ts';
import type { Ports } from '../ports/index.ts';
import type { RefusedCharge } from '../ports/ledger-store.ts';

/**
 * The charges of a challenge to the ledgers of its phone and account. A send takes a use of the phone's ledger. Every
 * charge needs room in the failure budget, and a new code never resets that count (NIST SP 800-63B-4 §3.1.3.2).
 */
export function ledgerCharges(
  challenge: LedgerSubject,
  limits: Ports['limits'],
  send: boolean,
): Charge[] {
  return ledgersOf(challenge).map((ledger) => {
    const failuresPerWindow = failuresOf(ledger, limits);
    return send && ledger.scope.startsWith('phone-')
      ? { ledger, counts: 'uses', budgets: { failuresPerWindow, ...sendBudgets(limits) } }
      : { ledger, budgets: { failuresPerWindow } };
  });
}

/** The wrong codes that a ledger of a challenge may hold before it refuses the next one. */
function failuresOf({ scope }: LedgerKey, limits: Ports['limits']): number {
  if (scope === 'account-phone-first-year') return limits.phoneFirstFailuresPerYear;
  return scope.endsWith('-year') ? limits.failuresPerYear : limits.failuresPerDay;
}

const sendBudgets = ({ sendsPerPhoneAndHour, sendsPerPhoneAndDay }: Ports['limits']): Budgets => ({
  usesPerPart: sendsPerPhoneAndHour,
  usesPerWindow: sendsPerPhoneAndDay,
});

/**
 * Purposes whose verified code gives its sends back. A ticket of the others still takes guesses: at a second factor, or at
 * names and national IDs. Their sends limit how many tickets there are in a day.
 */
const endsWithItsCode: ReadonlySet<Purpose> = new Set(['login', 'account-closing', 'transaction']);

/** The units of phone and account that a verified code gives back: those of its sends. */
export const unitsOfSends = (challenge: Challenge, limits: Ports['limits']): ChargedUnit[] =>
  endsWithItsCode.has(challenge.purpose)
    ? Object.values(challenge.sentAt).flatMap((at) =>
        chargesOfSend(challenge, limits).map((charge) => ({ charge, at })),
      )
    : [];

/** The charges of one send that take a unit. The others only check. */
export const chargesOfSend = (challenge: LedgerSubject, limits: Ports['limits']): Charge[] =>
  ledgerCharges(challenge, limits, true).filter(({ counts }) => counts === 'uses');

/**
 * The charges of a start. A login takes a unit of its account, whether an SMS is sent or not: TOTP guesses cost no SMS, and
 * failures are checked only at a start. The unit limits the number of open login challenges. A completed login returns it,
 * because its challenge can no longer be guessed at.
 */
export function startCharges(
  start: LedgerSubject,
  limits: Ports['limits'],
  send: boolean,
): Charge[] {
  // Strangers start these by the thousand at one name. Their writes must not meet the owner's: each send checks.
  if (start.purpose === 'phone-first') return [];
  return ledgerCharges(start, limits, send).map((charge) =>
    charge.ledger.scope === 'account-login' ? loginUnit(charge, limits) : charge,
  );
}

/**
 * Requires room for a send, by reading only. The send itself checks again. One AWS call a ledger, in parallel.
 * @throws Problem too_many_requests
 */
export async function requireRoomForSend(
  { clock, ledgers, limits }: Pick<Ports, 'clock' | 'ledgers' | 'limits'>,
  challenge: LedgerSubject,
): Promise<void> {
  const now = clock();
  const full = ledgerCharges(challenge, limits, true).map(async (charge) => {
    const counts = await ledgers.counts(charge.ledger, now);
    return hasRoom(counts, charge) ? [] : [{ charge, counts }];
  });
  const refusal = longest((await Promise.all(full)).flat(), now);
  if (refusal) throwIfRefused({ kind: 'refused', ...refusal }, now);
}

/** The unit of its account that the start of a login's challenge takes. */
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
  result: { readonly kind: string } | RefusedCharge,
  now: number,
): void {
  if (!('charge' in result)) return;
  const seconds = retryAfter(result.counts, result.charge, now);
  const limit = limitOf(result.charge.ledger.scope);
  throw new Problem('too_many_requests', { retryAfter: seconds, ...limit });
}
