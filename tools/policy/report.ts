import { amount, chance, count, expected, table } from './format.ts';
import { type Span, type Spray, spans, spray, takeover } from './guessing.ts';
import type { PolicyInput } from './policy-input.ts';
import type { PumpingRow } from './pumping-report.ts';
import {
  type MoneySpan,
  type PhoneSms,
  type Spend,
  smsPaidPerDay,
  smsToPhoneAnyDay,
  smsToPhoneAnyHour,
  worstSpend,
} from './spending.ts';
import { judge, type Verdict } from './targets.ts';
import { simCounts, simsOfTarget, type VerifyingSims, verifyingSims } from './verifying-sims.ts';

/** Numbers of addresses that the report gives an attacker. */
const attackers = [1, 1000] as const;

/** The spend budgets that may limit a guesser's SMS. */
const moneys = ['unbounded', 'verified', 'unverified'] as const;
type Money = (typeof moneys)[number];

type PurseName = 'registrations' | 'accounts' | 'namedAccounts';

/** The results for a stage. Chances are probabilities; money is in `currency`. */
export interface Report {
  readonly stage: string;
  readonly currency: string;
  readonly guessing: ReadonlyArray<{ addresses: number } & Record<Span, number>>;
  readonly spraying: ReadonlyArray<{
    addresses: number;
    money: Money;
    day: Spray;
    year: Spray;
  }>;
  readonly phone: { readonly anyHour: PhoneSms; readonly anyDay: PhoneSms };
  readonly spending: ReadonlyArray<{ addresses: number | 'all' } & Record<MoneySpan, Spend>>;
  /** The unverified money of an hour and a day, of each purse. */
  readonly purses: Readonly<Record<'hour' | 'day', Readonly<Record<PurseName, number>>>>;
  /** The worst day of SMS pumpers among honest people. */
  readonly pumping: readonly PumpingRow[];
  readonly verifyingSims: readonly VerifyingSims[];
  readonly verdicts: readonly Verdict[];
}

/** @param more further pumpers, without a target */
export function reportOf(
  input: PolicyInput,
  pumped: readonly PumpingRow[],
  more: readonly PumpingRow[] = [],
): Report {
  const { stage, limits, prices, throttle } = input;
  const paid = { ...smsPaidPerDay(input), unbounded: Number.POSITIVE_INFINITY };
  return {
    stage,
    currency: prices.currency,
    guessing: attackers.map((addresses) => {
      const of = (span: Span) => takeover(span, limits, { addresses });
      const chances = Object.fromEntries(spans.map((span) => [span, of(span)]));
      return { addresses, ...(chances as Record<Span, number>) };
    }),
    spraying: attackers.flatMap((addresses) =>
      moneys.map((money) => {
        const sprayer = { addresses, throttle, smsPerDay: paid[money] };
        const of = (span: 'day' | 'year') => spray(span, limits, sprayer);
        return { addresses, money, day: of('day'), year: of('year') };
      }),
    ),
    phone: { anyHour: smsToPhoneAnyHour(input), anyDay: smsToPhoneAnyDay(input) },
    spending: [...attackers, 'all' as const].map((addresses) => {
      const callers = addresses === 'all' ? Number.POSITIVE_INFINITY : addresses;
      const of = (span: MoneySpan) => worstSpend(span, input, callers);
      return { addresses, day: of('day'), 'any 24 hours': of('any 24 hours') };
    }),
    purses: {
      hour: {
        registrations: prices.registrations.unverifiedPerHour,
        accounts: prices.accounts.unverifiedPerHour,
        namedAccounts: prices.namedAccounts.unverifiedPerHour,
      },
      day: {
        registrations: prices.registrations.unverifiedPerDay,
        accounts: prices.accounts.unverifiedPerDay,
        namedAccounts: prices.namedAccounts.unverifiedPerDay,
      },
    },
    pumping: [...pumped, ...more],
    verifyingSims: simCounts.map((sims) => verifyingSims(input, sims)),
    verdicts: judge(input, pumped),
  };
}

const who = (addresses: number | 'all') => {
  if (addresses === 'all') return 'whole service';
  return addresses === 1 ? '1 address' : `${count(addresses)} addresses`;
};

const paidFrom: Record<Money, string> = {
  unbounded: 'no spend budget',
  verified: "the day's budget",
  unverified: 'no code verified',
};

export function render(report: Report): string {
  return [
    `Stage ${report.stage}`,
    '',
    'Chance that a guesser who knows username and national ID takes over one account',
    table(
      ['', ...spans],
      report.guessing.map((row) => [who(row.addresses), ...spans.map((span) => chance(row[span]))]),
    ),
    '',
    'Expected number of accounts taken over by a guesser who sprays over many known accounts',
    table(
      ['', 'day', 'year', 'codes sent a day', 'accounts it must know'],
      report.spraying.map(({ addresses, money, day, year }) => [
        `${who(addresses)}, ${paidFrom[money]}`,
        expected(day.accounts),
        expected(year.accounts),
        count(day.challenges),
        `${count(day.pairs)} a day, ${count(year.pairs)} a year`,
      ]),
    ),
    '',
    'The most SMS to one phone that strangers can cause (registrations and changes of phone share one budget)',
    table(
      ['', 'asked for', 'leaving, after an outage'],
      [
        ['any 60 minutes', ...phoneCells(report.phone.anyHour)],
        ['any 24 hours', ...phoneCells(report.phone.anyDay)],
      ],
    ),
    '',
    `Worst-case spend in ${report.currency}: a UTC day (any 24 hours)`,
    table(
      ['', 'no code verified', 'codes verified', 'without spend budgets'],
      report.spending.map((row) => [
        who(row.addresses),
        moneyCell(row, 'unverified'),
        moneyCell(row, 'verified'),
        moneyCell(row, 'unbounded'),
      ]),
    ),
    '',
    `Unverified spend in ${report.currency} by whom is texted: an hour, a day`,
    table(
      ['', 'hour', 'day'],
      [
        [
          'phones that callers name (registrations, changes of phone)',
          ...purseCells(report, 'registrations'),
        ],
        ['phones of accounts (resets, logins, closings)', ...purseCells(report, 'accounts')],
        [
          'phones of accounts that callers name (proved first, reminders)',
          ...purseCells(report, 'namedAccounts'),
        ],
      ],
    ),
    '',
    'The worst day of a greedy SMS pumper among honest people (simulated)',
    table(
      ['', 'honest codes refused', `its codes cost, ${report.currency}`],
      report.pumping.map((row) => [
        pumperName(row),
        `${(row.refusedShare * 100).toFixed(2)} %`,
        amount(row.pumpedCost),
      ]),
    ),
    '',
    'N SIMs that verify everything, with as many accounts on each as a phone may have: a UTC day',
    table(
      ['', 'SMS', `cost, ${report.currency}`, "share of a purse's day", 'unverified SMS it pays'],
      report.verifyingSims.map(({ sims, sms, cost, shareOfPurse, earnedSms }) => [
        `${count(sims)} SIMs`,
        count(sms),
        amount(cost),
        percent(shareOfPurse),
        count(earnedSms),
      ]),
    ),
    '',
    'Targets',
    ...report.verdicts.map((verdict) => `  ${sentence(verdict, report.currency)}`),
  ].join('\n');
}

const pumperName = ({ addresses, honestPerDay, behind }: PumpingRow): string =>
  `${count(addresses)} ${behind === 'carriers' ? 'addresses of carriers' : 'addresses'}, ${count(honestPerDay)} honest codes`;

const purseCells = ({ purses: { hour, day } }: Report, whose: PurseName) =>
  [hour, day].map((purse) => amount(purse[whose]));

const phoneCells = ({ askedFor, leaving }: PhoneSms) => [count(askedFor), count(leaving)];

const moneyCell = (row: Record<MoneySpan, Spend>, what: Exclude<keyof Spend, 'sms'>) =>
  `${amount(row.day[what])} (${amount(row['any 24 hours'][what])})`;

const subjects: Record<Verdict['target'], string> = {
  takeoverPerAccountAndYear: 'taking one account in a year',
  unverifiedSpendPerDay: 'spend a day without verified traffic',
  honestCodesRefused: 'honest codes refused on the worst day of a pumper',
  pumpedSpendPerDay: 'spend of a pumper a day among honest people',
  takenByVerifyingSims: `share of a purse's day that ${simsOfTarget} SIMs take that verify everything`,
};

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;

function formatted(target: Verdict['target'], value: number, currency: string): string {
  if (target === 'takeoverPerAccountAndYear') return chance(value);
  if (target === 'honestCodesRefused' || target === 'takenByVerifyingSims') return percent(value);
  return `${amount(value)} ${currency}`;
}

/** States whether a target holds. For a missed one: by how much, and what to change. */
export function sentence(verdict: Verdict, currency: string): string {
  const { target, worst, allowed, met } = verdict;
  const say = (value: number) => formatted(target, value, currency);
  const what = subjects[target];
  if (met) return `holds: ${what} is at most ${say(worst)}; the target is ${say(allowed)}.`;
  const times = Number((worst / allowed).toPrecision(3));
  return `MISSED: ${what} is up to ${say(worst)}; the target is ${say(allowed)}: ${times} times too much. ${advice(verdict)}`;
}

function advice({ target, remedies }: Verdict): string {
  if (target === 'honestCodesRefused' || target === 'pumpedSpendPerDay') {
    return 'docs/policy.md, "SMS pumping", says what it follows from.';
  }
  if (remedies.length === 0) return 'No single number is enough to hold it.';
  const options = remedies.map(({ name, value, along }) =>
    along ? `${name} ${value} (and ${along})` : `${name} ${value}`,
  );
  return `With ${options.join(', or with ')} it would hold.`;
}
