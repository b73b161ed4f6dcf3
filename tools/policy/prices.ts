import { ledgersOf } from '#core/model/ledger.ts';
import type { Limits } from '#core/model/limits.ts';
import type { OwnPurpose, Purpose } from '#core/model/purpose.ts';
import { phoneClassOf } from '#core/model/purpose.ts';
import { spendCharge } from '#core/model/spending.ts';
import type { StageConfig } from '../../lib/config/stage-config.ts';
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
  /** Of these, what may go to phones that callers name: the rest is kept for accounts' own. */
  readonly ofChoicePerHour: number;
  readonly ofChoicePerDay: number;
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
  /** Ledgers of sends that others than its owner can fill of one phone, with the one of all relying services. */
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

/**
 * For which a stranger can have a phone texted. A change of phone takes a password, but the stranger's own, and the phone
 * may be anybody's; logins and closings take the password of an account that is on the phone.
 */
export const purposes: OwnPurpose[] = ['registration', 'phone-change', 'password-reset'];

/** Ledgers that a phone has for them, as the engine counts (docs/decisions/0010): some share one. */
export function ledgersOfPhone(asked: readonly Purpose[]): number {
  const ledgers = asked.flatMap((purpose) =>
    ledgersOf({ purpose, phoneTag: 'phone', accountTag: 'account' }),
  );
  return new Set(ledgers.filter(({ tag }) => tag === 'phone').map(({ scope }) => scope)).size;
}

/** Reads what the formulas need from a stage's configuration. */
export function policyInput(config: StageConfig): PolicyInput {
  const { stage, limits, throttle, portalHost, sms, spending, targets, relyingServices } = config;
  return {
    stage,
    limits,
    throttle,
    targets,
    prices: { ...pricesOf(spending), relyingPerDay: totalOf(relyingServices) },
    partsPerSms: smsParts(purposes, portalHost, limits.codeLength),
    smsPerSend: sms.providers.length,
    ledgersPerPhone: ledgersOfPhone([
      ...purposes,
      ...(relyingServices.length > 0 ? (['transaction'] as const) : []),
    ]),
  };
}

const totalOf = (services: StageConfig['relyingServices']): number =>
  services.reduce((total, { spendPerDay }) => total + spendPerDay, 0);

/** The functions count in thousandths; people do not. */
function pricesOf(spending: StageConfig['spending']): Omit<Prices, 'relyingPerDay'> {
  const { currency, pricePerSms, service } = spending;
  const { budget } = spendCharge(
    { ...spending, services: {} },
    'service',
    phoneClassOf('phone-change'),
  );
  return {
    currency,
    pricePerPart: pricePerSms / 1000,
    perDay: service.perDay / 1000,
    unverifiedPerHour: service.unverifiedPerHour / 1000,
    unverifiedPerDay: service.unverifiedPerDay / 1000,
    ofChoicePerHour: budget.unverifiedPerHour / 1000,
    ofChoicePerDay: budget.unverifiedPerDay / 1000,
  };
}
