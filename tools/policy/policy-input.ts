import { ledgersOf } from '#core/model/ledger.ts';
import type { Limits } from '#core/model/limits.ts';
import type { OwnPurpose, Purpose } from '#core/model/purpose.ts';
import type { StageConfig } from '../../lib/config/stage-config.ts';
import { type Throttle, throttleOf } from '../../lib/config/throttles.ts';
import { partsOfLongestSms } from './longest-sms.ts';
import type { PumpingRules } from './pumping.ts';

/** The price of SMS, and the budgets of the whole system. Money in `currency`, windows in UTC. */
export interface Prices {
  readonly currency: string;
  /** Price of one part of an SMS. The budgets are charged in this unit. */
  readonly pricePerPart: number;
  /** Share of phones that must verify a code so that spending can go on without end. */
  readonly verifiedShare: number;
  /** Money of registrations and changes of phone; of resets, logins and closings; and of what a name alone causes. */
  readonly registrations: Budget;
  readonly accounts: Budget;
  readonly namedAccounts: Budget;
  /** Additional money that all relying services may spend in a day, verified or not. */
  readonly relyingPerDay: number;
}

/** Money in `currency`. */
export interface Budget {
  readonly perDay: number;
  /** Limit of unverified spending: money spent less the credit for verified codes. */
  readonly unverifiedPerHour: number;
  readonly unverifiedPerDay: number;
}

/** The numbers of a stage that the formulas use. */
export interface PolicyInput {
  readonly stage: string;
  readonly limits: PolicyLimits;
  /** What API Gateway takes of the calls that start, send and verify a public challenge. */
  readonly throttle: Throttle;
  readonly prices: Prices;
  readonly targets: StageConfig['targets'];
  /** Parts of the longest SMS. */
  readonly partsPerSms: number;
  /** The most SMS for one send: if a provider reports an SMS undelivered, the next one sends it. */
  readonly smsPerSend: number;
  /**
   * Ledgers of one phone's sends that strangers can fill, including that of relying services. Resets
   * are not among them: they count by account, and have a cap of their own for a phone.
   */
  readonly ledgersPerPhone: number;
  /** What the simulation of SMS pumping plays by. */
  readonly pumping: PumpingRules;
}

type UsedLimits = Pick<
  Limits,
  | 'codeLength'
  | 'codeSeconds'
  | 'attemptsPerChallenge'
  | 'attemptsWhileGuessed'
  | 'resendSeconds'
  | 'sendsPerPhoneAndHour'
  | 'sendsPerPhoneAndDay'
  | 'verifiedSmsPerPhoneAndDay'
  | 'accountsPerPhone'
  | 'resetsPerPhoneAndHour'
  | 'resetsPerPhoneAndDay'
  | 'sendsPerAddressAndHour'
  | 'failuresPerDay'
>;

export interface PolicyLimits extends UsedLimits {
  readonly sendsPerAddressAndMinute?: number;
  /** After this many wrong codes in a calendar year, an account starts no challenge that year. */
  readonly failuresPerYear?: number;
  /** The same for the codes that prove a phone before the password. */
  readonly phoneFirstFailuresPerYear?: number;
}

/**
 * The purposes for which a stranger can cause an SMS to a phone. A change of phone needs a
 * password, but the stranger's own, and the phone may be any phone. Logins and closings are not
 * listed: they need the password of an account on the phone.
 */
export const purposes: OwnPurpose[] = [
  'registration',
  'phone-change',
  'password-reset',
  'phone-first',
];

/** Number of a phone's ledgers for the purposes. Some purposes share one (docs/decisions/0010). */
export function ledgersOfPhone(asked: readonly Purpose[]): number {
  const ledgers = asked.flatMap((purpose) =>
    ledgersOf({ purpose, phoneTag: 'phone', accountTag: 'account' }),
  );
  return new Set(ledgers.filter(({ tag }) => tag === 'phone').map(({ scope }) => scope)).size;
}

/** Every SMS and every guess takes one of them. Together they bound both from above. */
const guessersCalls = [
  'POST /registrations',
  'POST /password-resets',
  'POST /sessions',
  'POST /challenges/{id}/send',
  'POST /challenges/{id}/verify',
] as const;

/** Reads the numbers for the formulas from a stage's configuration. */
export function policyInput(config: StageConfig): PolicyInput {
  const { stage, limits, throttles, portalHost, sms, spending, targets, relyingServices } = config;
  return {
    stage,
    limits,
    throttle: throttleOf(throttles, guessersCalls),
    targets,
    prices: { ...pricesOf(spending), relyingPerDay: dailySpendOf(relyingServices) },
    // The money of relying services is no part of it.
    pumping: { limits, spending: { ...spending, services: {} } },
    partsPerSms: partsOfLongestSms(purposes, portalHost, limits.codeLength),
    smsPerSend: sms.providers.length,
    ledgersPerPhone: ledgersOfPhone([
      ...purposes,
      ...(relyingServices.length > 0 ? (['transaction'] as const) : []),
    ]),
  };
}

const dailySpendOf = (services: StageConfig['relyingServices']): number =>
  services.reduce((total, { spendPerDay }) => total + spendPerDay, 0);

/** Converts the configuration's thousandths into the currency's unit. */
function pricesOf(spending: StageConfig['spending']): Omit<Prices, 'relyingPerDay'> {
  const { currency, pricePerSms, verifiedShare, registrations, accounts, namedAccounts } = spending;
  const inUnits = (budget: Budget): Budget => ({
    perDay: budget.perDay / 1000,
    unverifiedPerHour: budget.unverifiedPerHour / 1000,
    unverifiedPerDay: budget.unverifiedPerDay / 1000,
  });
  return {
    currency,
    pricePerPart: pricePerSms / 1000,
    verifiedShare,
    registrations: inUnits(registrations),
    accounts: inUnits(accounts),
    namedAccounts: inUnits(namedAccounts),
  };
}
