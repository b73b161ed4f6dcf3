import { takeover } from './guessing.ts';
import type { PolicyInput, PolicyLimits, Prices } from './policy-input.ts';
import type { PumpingRow } from './pumping-report.ts';
import { worstSpend } from './spending.ts';
import { simsOfTarget, verifyingSims } from './verifying-sims.ts';

/** A number of the stage, and the nearest value with which the target holds. */
export interface Remedy {
  readonly name: string;
  readonly value: number;
  /** A second change that the configuration then requires. */
  readonly along?: string;
}

export interface Verdict {
  readonly target: Target | 'honestCodesRefused' | 'pumpedSpendPerDay';
  readonly worst: number;
  readonly allowed: number;
  readonly met: boolean;
  /** Each alone is enough. Empty if the target is met, or if no single number is enough. */
  readonly remedies: readonly Remedy[];
}

/**
 * Targets apply to calendar windows in UTC, as budgets do. The tables show the worst across edges.
 */
const worstCase = {
  takeoverPerAccountAndYear: ({ limits }: PolicyInput) =>
    takeover('year', limits, { addresses: Number.POSITIVE_INFINITY }),
  unverifiedSpendPerDay: (input: PolicyInput) =>
    worstSpend('day', input, Number.POSITIVE_INFINITY).unverified,
  takenByVerifyingSims: (input: PolicyInput) => verifyingSims(input, simsOfTarget).shareOfPurse,
};

type Target = keyof typeof worstCase;

/** @param pumped the worst days of the pumpers that the stage has targets for */
export function judge(input: PolicyInput, pumped: readonly PumpingRow[]): Verdict[] {
  return [...judgeFormulas(input), ...judgePumping(input, pumped)];
}

/** A pumper is held to the same money with honest people around it as on a day without a verified code. */
function judgePumping({ targets }: PolicyInput, pumped: readonly PumpingRow[]): Verdict[] {
  const worst = (of: (row: PumpingRow) => number) => Math.max(0, ...pumped.map(of));
  const verdict = (target: Verdict['target'], most: number, allowed: number): Verdict => ({
    target,
    worst: most,
    allowed,
    met: most <= allowed,
    remedies: [],
  });
  return [
    verdict(
      'honestCodesRefused',
      worst((row) => row.refusedShare),
      targets.honestCodesRefused,
    ),
    verdict(
      'pumpedSpendPerDay',
      worst((row) => row.pumpedCost),
      targets.unverifiedSpendPerDay,
    ),
  ];
}

export function judgeFormulas(input: PolicyInput): Verdict[] {
  return (Object.keys(worstCase) as Target[]).map((target) => {
    const allowed = input.targets[target];
    const worst = worstCase[target](input);
    const met = worst <= allowed;
    return { target, worst, allowed, met, remedies: met ? [] : remediesFor(target, input) };
  });
}

/** A number of the stage that the advice may change. */
interface Adjustment {
  readonly name: string;
  /** Candidate values, those nearest to the stage's own first. */
  readonly values: readonly number[];
  readonly apply: (value: number) => PolicyInput;
  readonly along?: (value: number) => string | undefined;
}

function remediesFor(target: Target, input: PolicyInput): Remedy[] {
  const holds = (candidate: PolicyInput) => worstCase[target](candidate) <= input.targets[target];
  return adjustmentsFor[target](input).flatMap(({ name, values, apply, along }): Remedy[] => {
    const value = values.find((candidate) => holds(apply(candidate)));
    if (value === undefined) return [];
    const also = along?.(value);
    return [{ name, value, ...(also !== undefined && { along: also }) }];
  });
}

const adjustmentsFor: Record<Target, (input: PolicyInput) => Adjustment[]> = {
  takeoverPerAccountAndYear: guessAdjustments,
  unverifiedSpendPerDay: spendAdjustments,
  takenByVerifyingSims: simAdjustments,
};

function simAdjustments(input: PolicyInput): Adjustment[] {
  const { limits } = input;
  const { sendsPerPhoneAndDay, verifiedSmsPerPhoneAndDay } = limits;
  return [
    {
      name: 'limits.verifiedSmsPerPhoneAndDay',
      values: below(verifiedSmsPerPhoneAndDay).filter((value) => value > sendsPerPhoneAndDay),
      apply: (value) => ({ ...input, limits: { ...limits, verifiedSmsPerPhoneAndDay: value } }),
    },
  ];
}

/** The numbers from `from − 1` down to 1. */
const below = (from: number): number[] =>
  Array.from({ length: Math.max(0, from - 1) }, (_, i) => from - 1 - i);

/** The most failures that the advice suggests: NIST SP 800-63B-4 §3.2.2 allows no more in a row. */
const mostFailures = 100;
/** The longest code of a stage: a longer one does not fit into one part of the Arabic SMS. */
const longestCode = 7;

function guessAdjustments(input: PolicyInput): Adjustment[] {
  const { limits } = input;
  const apply = (change: Partial<PolicyLimits>) => ({ ...input, limits: { ...limits, ...change } });
  const hourly = limits.sendsPerPhoneAndHour;
  return [
    {
      name: 'limits.failuresPerYear',
      values: below(limits.failuresPerYear ?? mostFailures + 1),
      apply: (failuresPerYear) => apply({ failuresPerYear }),
    },
    {
      name: 'limits.phoneFirstFailuresPerYear',
      values: below(limits.phoneFirstFailuresPerYear ?? mostFailures + 1),
      apply: (phoneFirstFailuresPerYear) => apply({ phoneFirstFailuresPerYear }),
    },
    {
      name: 'limits.sendsPerPhoneAndDay',
      values: below(limits.sendsPerPhoneAndDay),
      apply: (value) =>
        apply({ sendsPerPhoneAndDay: value, sendsPerPhoneAndHour: Math.min(hourly, value) }),
      along: (value) => (value < hourly ? `limits.sendsPerPhoneAndHour ${value}` : undefined),
    },
    {
      name: 'limits.sendsPerPhoneAndHour',
      values: below(hourly),
      apply: (sendsPerPhoneAndHour) => apply({ sendsPerPhoneAndHour }),
    },
    {
      name: 'limits.attemptsPerChallenge',
      values: below(limits.attemptsPerChallenge),
      apply: (attemptsPerChallenge) => apply({ attemptsPerChallenge }),
    },
    {
      name: 'limits.codeLength',
      values: [longestCode].filter((length) => length > limits.codeLength),
      apply: (codeLength) => apply({ codeLength }),
    },
  ];
}

function spendAdjustments(input: PolicyInput): Adjustment[] {
  const { prices, partsPerSms, targets } = input;
  const allowed = targets.unverifiedSpendPerDay / partsPerSms - prices.relyingPerDay;
  const names = ['registrations', 'accounts', 'namedAccounts'] as const;
  const total = names.reduce((sum, name) => sum + prices[name].unverifiedPerDay, 0);
  return names.map((name) => ({
    name: `spending.${name}.unverifiedPerDay`,
    values: [allowed - total + prices[name].unverifiedPerDay].filter((value) => value > 0),
    apply: (unverifiedPerDay: number): PolicyInput => {
      const changed: Partial<Prices> = { [name]: { ...prices[name], unverifiedPerDay } };
      return { ...input, prices: { ...prices, ...changed } };
    },
  }));
}
