import type { Purpose } from '../lambdas/core/engine/challenge.ts';
import type { Limits } from '../lambdas/core/limits.ts';
import type { StageConfig } from '../lib/config.ts';
import { smsParts } from './parts.ts';

/** What SMS cost, and what may be spent on them by the whole service. Money in `currency`, windows of UTC. */
export interface Prices {
  readonly currency: string;
  /** Price of one part of an SMS, the unit that the budgets are charged with. */
  readonly pricePerPart: number;
  readonly perDay: number;
  /** Spent less what verified codes earned back. */
  readonly unverifiedPerHour: number;
  readonly unverifiedPerDay: number;
}

/** What a stage promises; `npm run policy` fails where its numbers do not keep it. */
export interface Targets {
  /** Chance that a guesser takes one account in a calendar year. */
  readonly takeoverPerAccountAndYear: number;
  /** Spend in a UTC day in which no code is verified, in the stage's currency. */
  readonly unverifiedSpendPerDay: number;
}

/** Assumed for a stage whose configuration has no `spending`. */
export const defaultPrices: Prices = {
  currency: 'SAR',
  pricePerPart: 0.15,
  perDay: 20_000,
  unverifiedPerHour: 100,
  unverifiedPerDay: 200,
};

export const defaultTargets: Targets = {
  takeoverPerAccountAndYear: 1 / 10_000,
  unverifiedSpendPerDay: 200,
};

/** The numbers of a stage that the formulas use. */
export interface PolicyInput {
  readonly stage: string;
  readonly limits: PolicyLimits;
  readonly throttle: StageConfig['throttle'];
  readonly prices: Prices;
  readonly targets: Targets;
  /** Parts of the longest SMS. */
  readonly partsPerSms: number;
  /** SMS that one send may become: each provider that reports it undelivered is followed by the next. */
  readonly smsPerSend: number;
  /** What is assumed here because the stage's configuration does not say it. */
  readonly assumed: readonly string[];
}

type UsedLimits = Pick<
  Limits,
  | 'codeLength'
  | 'codeSeconds'
  | 'attemptsPerChallenge'
  | 'resendSeconds'
  | 'sendsPerPhoneAndHour'
  | 'sendsPerPhoneAndDay'
  | 'sendsPerAddressAndHour'
  | 'failuresPerDay'
>;

export interface PolicyLimits extends UsedLimits {
  readonly sendsPerAddressAndMinute?: number;
  /** Wrong codes in a calendar year after which an account starts no challenge until the next. */
  readonly failuresPerYear?: number;
  /** Wrong codes since an account's last right one after which it starts no challenge. */
  readonly failuresUntilSuccess?: number;
}

/** Whose sends are counted apart: a phone has this many ledgers (docs/decisions/0010). */
export const purposes = Object.keys({
  registration: true,
  'password-reset': true,
} satisfies Record<Purpose, true>) as Purpose[];

/** Money in thousandths, as `lib/spending-config.ts` hands it to the functions. */
interface ConfiguredSpending {
  readonly currency: string;
  readonly pricePerSms: number;
  readonly service: {
    readonly perDay: number;
    readonly unverifiedPerHour: number;
    readonly unverifiedPerDay: number;
  };
}

type Configured = StageConfig & {
  readonly sms?: { readonly providers: readonly unknown[] };
  readonly spending?: ConfiguredSpending;
  readonly targets?: Targets;
};

/** Reads what the formulas need from a stage's configuration. */
export function policyInput(config: Configured): PolicyInput {
  const { stage, limits, throttle, portalHost, sms, spending, targets } = config;
  return {
    ...{ stage, limits, throttle },
    prices: spending ? pricesOf(spending) : defaultPrices,
    targets: targets ?? defaultTargets,
    partsPerSms: smsParts(purposes, portalHost, limits.codeLength),
    smsPerSend: sms?.providers.length ?? 1,
    assumed: [
      ...(spending
        ? []
        : ['prices and spend budgets (no `spending` in the stage: policy/prices.ts)']),
      ...(targets ? [] : ['targets (no `targets` in the stage: policy/prices.ts)']),
    ],
  };
}

const pricesOf = ({ currency, pricePerSms, service }: ConfiguredSpending): Prices => ({
  currency,
  pricePerPart: pricePerSms / 1000,
  perDay: service.perDay / 1000,
  unverifiedPerHour: service.unverifiedPerHour / 1000,
  unverifiedPerDay: service.unverifiedPerDay / 1000,
});
