import type { Limits } from '#core/model/limits.ts';
import {
  accountOfReset,
  type Certainty,
  type History,
  isBefore,
  isOf,
  isUnsure,
  type Law,
  mayHaveDone,
  type Op,
  opsOf,
  type Subject,
  wasAskedFor,
} from './history.ts';

type Unit = 'minute' | 'hour' | 'day' | 'year';
type Scope = 'phone' | 'account' | 'account-year' | 'address' | 'address-registration';

interface Ledger {
  readonly scope: Scope;
  readonly name: string;
}

interface Budget {
  readonly sends?: readonly (readonly [Unit, number])[];
  readonly failures?: readonly [Unit, number];
}

const budgetsOf = (limits: Limits): Record<Scope, Budget> => ({
  phone: {
    sends: [
      ['hour', limits.sendsPerPhoneAndHour],
      ['day', limits.sendsPerPhoneAndDay],
    ],
    failures: ['day', limits.failuresPerDay],
  },
  account: { failures: ['day', limits.failuresPerDay] },
  'account-year': { failures: ['year', limits.failuresPerYear] },
  address: {
    sends: [
      ['minute', limits.sendsPerAddressAndMinute],
      ['hour', limits.sendsPerAddressAndHour],
    ],
    failures: ['hour', limits.failuresPerAddressAndHour],
  },
  'address-registration': { sends: [['hour', limits.sendsPerAddressAndHour]] },
});

const secondsOf = { minute: 60, hour: 3600, day: 86_400 };
const windowOf = (unit: Unit, at: number) =>
  unit === 'year' ? new Date(at * 1000).getUTCFullYear() : Math.floor(at / secondsOf[unit]);
const isIn = (unit: Unit, op: Op, at: number) =>
  [op.startedAt, op.endedAt].map((instant) => windowOf(unit, instant) === windowOf(unit, at));
export const liesIn = (unit: Unit, op: Op, at: number) => isIn(unit, op, at).every(Boolean);
export const touches = (unit: Unit, op: Op, at: number) => isIn(unit, op, at).some(Boolean);

const phone = (name: string): Ledger => ({ scope: 'phone', name });
const account = (name: string): Ledger[] => [
  { scope: 'account', name },
  { scope: 'account-year', name },
];

/** The ledgers of a challenge. None is certain if the challenge may be a decoy. */
function ledgersOf(history: History, start: Op, certainty: Certainty): Ledger[] {
  if (isOf(start, 'register')) return [phone(`registrations of ${start.act.phone}`)];
  if (!isOf(start, 'reset')) return [];
  const { username, nationalId } = start.act;
  const pair = accountOfReset(history, start);
  const real = [phone(`resets of the account ${username}`), ...account(username)];
  const made = `${username}/${nationalId}`;
  const decoy = [phone(`resets of ${made}`), ...account(made)];
  if (pair.known !== 'maybe') return pair.known === 'yes' ? real : decoy;
  return certainty === 'sure' ? [] : [...real, ...decoy];
}

/** A registration is charged to the address of its start, also for resends. A reset's resend is charged to its own. */
const addressOf = (start: Op, op: Op): Ledger =>
  isOf(start, 'register')
    ? { scope: 'address-registration', name: start.address }
    : { scope: 'address', name: op.address };

/** All ledgers whose budget limits a call. A first send, and one that replaces an unsent one, costs its address nothing. */
function chargedTo(history: History, op: Op, certainty: Certainty): Ledger[] {
  if (isOf(op, 'send')) {
    const { start } = op.act.on;
    const address = certainty === 'possible' ? [addressOf(start, op)] : [];
    return [...address, ...ledgersOf(history, start, certainty)];
  }
  if (!isOf(op, 'register', 'reset')) return [];
  return [addressOf(op, op), ...ledgersOf(history, op, certainty)];
}

const isAddress = ({ scope }: Ledger) => scope === 'address' || scope === 'address-registration';

const has = (ledgers: Ledger[], { scope, name }: Ledger) =>
  ledgers.some((other) => other.scope === scope && other.name === name);

/** The calls that gave back what a challenge took. */
const givingBack = (history: History, on: Subject | undefined): Op[] =>
  opsOf(history, 'credit').filter(({ act, gaveBack }) => gaveBack && act.on === on);

/**
 * Whether the unit of a call may count no more at another: a verified code gave it back to its address. A crash may lose it,
 * so that is never certain. Registrations and resets keep the units of phone and account.
 */
function isReturned(history: History, op: Op, at: Op, ledger: Ledger, certainty: Certainty) {
  if (!isAddress(ledger) || certainty !== 'sure') return false;
  const returns = givingBack(history, isOf(op, 'send') ? op.act.on : op.stored);
  return returns.some(({ begin }) => begin < at.end);
}

/**
 * Calls that used a unit of a ledger: for an address every start and further send, for a phone every SMS. Those of verified
 * codes count no more for an address.
 */
function sendsIn(history: History, ledger: Ledger, certainty: Certainty, at: Op): Op[] {
  return takersOf(history, ledger, certainty).filter(
    (op) => !isReturned(history, op, at, ledger, certainty),
  );
}

function takersOf(history: History, ledger: Ledger, certainty: Certainty): Op[] {
  if (isAddress(ledger)) {
    return opsOf(history, 'register', 'reset', 'send').filter((op) => {
      if (!has(chargedTo(history, op, certainty), ledger)) return false;
      const refused = op.answer === 'too_many_requests';
      // The address is charged first, so it has paid for a call that another ledger refused.
      const paid = refused ? op.refusedBy?.scope !== ledger.scope : op.answer === 'ok';
      return certainty === 'sure' ? paid : paid || !refused;
    });
  }
  const done = certainty === 'sure' ? ({ answer }: Op) => answer === 'ok' : mayHaveDone;
  return opsOf(history, 'register', 'send').filter(
    (op) => done(op) && has(chargedTo(history, op, certainty), ledger),
  );
}

/** Guesses that count as failures in a ledger. */
const failuresIn = (history: History, ledger: Ledger, certainty: Certainty): Op[] =>
  opsOf(history, 'verify').filter((op) => {
    const { on } = op.act;
    const wrong = op.answer === 'code_incorrect' || (certainty === 'possible' && isUnsure(op));
    if (!wrong || ledger.scope === 'address') return wrong && op.address === ledger.name;
    if (ledger.scope === 'address-registration') return false;
    return (
      has(ledgersOf(history, on.start, certainty), ledger) &&
      wasAskedFor(history, on, op, certainty)
    );
  });

/**
 * The registrations of a phone, the resets of an account or pair, and the starts of an address, stay within the budgets of every
 * window.
 */
export const sendBudgets: Law = (history, op) => {
  if (op.answer !== 'ok' || !isOf(op, 'register', 'reset', 'send')) return undefined;
  for (const ledger of chargedTo(history, op, 'sure')) {
    if (isOf(op, 'reset') && !isAddress(ledger)) continue;
    const sends = sendsIn(history, ledger, 'sure', op);
    for (const [unit, maximum] of budgetsOf(history.limits)[ledger.scope].sends ?? []) {
      const count = sends.filter((other) => liesIn(unit, other, op.startedAt)).length;
      if (count > maximum) return `is number ${count} in one ${unit} (${ledger.name})`;
    }
  }
  return undefined;
};

/**
 * A phone, account or address above its failure budget starts and sends nothing more in that
 * window.
 */
export const failureBudget: Law = (history, op) => {
  if (op.answer !== 'ok') return undefined;
  for (const ledger of chargedTo(history, op, 'sure')) {
    const budget = budgetsOf(history.limits)[ledger.scope].failures;
    if (!budget) continue;
    const [unit, maximum] = budget;
    const failures = failuresIn(history, ledger, 'sure').filter(
      (other) =>
        isBefore(other, op) &&
        liesIn(unit, other, op.startedAt) &&
        liesIn(unit, op, other.startedAt),
    );
    const { length } = failures;
    if (length >= maximum) return `went through after ${length} failures (${ledger.name})`;
  }
  return undefined;
};

/** What a challenge took is given back once, and only after its code was verified. */
export const givenBackOnce: Law = (history, op) => {
  if (!op.gaveBack || !isOf(op, 'credit')) return undefined;
  const { on } = op.act;
  if (givingBack(history, on).length > 1) return 'gives back a second time';
  const verified = opsOf(history, 'verify').some(
    (other) => other.act.on === on && mayHaveDone(other) && other.begin < op.end,
  );
  return verified ? undefined : 'gives back what was not verified';
};

/** A budget with room refuses no call: such a refusal would lock the person out. */
export const refusalsAreDue: Law = (history, op) => {
  const { refusedBy, startedAt } = op;
  if (!refusedBy) return undefined;
  const scope = refusedBy.scope.startsWith('phone-') ? 'phone' : refusedBy.scope;
  const ledgers = chargedTo(history, op, 'possible').filter((ledger) => ledger.scope === scope);
  return ledgers.some(isFull) ? undefined : `is refused by a ledger with room (${scope})`;

  function isFull(ledger: Ledger): boolean {
    const budget = budgetsOf(history.limits)[ledger.scope];
    const others = sendsIn(history, ledger, 'possible', op).filter((other) => other !== op);
    const isUsedUp = (ops: Op[], [unit, maximum]: readonly [Unit, number]) =>
      ops.filter((other) => touches(unit, other, startedAt)).length >= maximum;
    return (
      (budget.sends ?? []).some((limit) => isUsedUp(others, limit)) ||
      (budget.failures !== undefined &&
        isUsedUp(failuresIn(history, ledger, 'possible'), budget.failures))
    );
  }
};
