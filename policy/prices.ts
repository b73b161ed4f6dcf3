import type { OwnPurpose } from '../lambdas/core/engine/challenge.ts';
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
  /** What all relying services together may spend in a day, besides: verified or not. */
  readonly relyingPerDay: number;
}

/** The numbers of a stage that the formulas use. */
export interface PolicyInput {
  readonly stage: string;
  readonly limits: PolicyLimits;
  readonly throttle: StageConfig['throttle'];
  readonly prices: Prices;
  readonly targets: StageConfig['targets'];
  /** Parts of the longest SMS. */
  readonly partsPerSms: number;
  /** SMS that one send may become: each provider that reports it undelivered is followed by the next. */
  readonly smsPerSend: number;
  /** Ledgers of sends that others than its owner can fill of one phone: purposes, and one for all relying services. */
  readonly ledgersPerPhone: number;
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
}

/** Whose sends are counted apart (docs/decisions/0010), of those a stranger can ask for: the others take a password. */
export const purposes: OwnPurpose[] = ['registration', 'password-reset'];

/** Reads what the formulas need from a stage's configuration. */
export function policyInput(config: StageConfig): PolicyInput {
  const { stage, limits, throttle, portalHost, sms, spending, targets, relyingServices } = config;
  return {
    ...{ stage, limits, throttle, targets },
    prices: { ...pricesOf(spending), relyingPerDay: totalOf(relyingServices) },
    partsPerSms: smsParts(purposes, portalHost, limits.codeLength),
    smsPerSend: sms.providers.length,
    ledgersPerPhone: purposes.length + (relyingServices.length > 0 ? 1 : 0),
  };
}

const totalOf = (services: StageConfig['relyingServices']): number =>
  services.reduce((total, { spendPerDay }) => total + spendPerDay, 0);

/** The functions count in thousandths; people do not. */
const pricesOf = ({
  currency,
  pricePerSms,
  service,
}: StageConfig['spending']): Omit<Prices, 'relyingPerDay'> => ({
  currency,
  pricePerPart: pricePerSms / 1000,
  perDay: service.perDay / 1000,
  unverifiedPerHour: service.unverifiedPerHour / 1000,
  unverifiedPerDay: service.unverifiedPerDay / 1000,
});
