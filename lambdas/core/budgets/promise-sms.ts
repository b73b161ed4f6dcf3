import { spendBreaker } from '../model/breaker.ts';
import type { AddressUnit } from '../model/challenge.ts';
import { retryAfter } from '../model/ledger.ts';
import { Problem } from '../model/problems.ts';
import { prefixOf } from '../model/spending.ts';
import type { Ports } from '../ports/index.ts';
import { addressUnitOf, chargeRegistrationAddress, returnUnverifiedUse } from './charge-address.ts';
import { type Return, returnOf, returnUnjudged } from './return-unjudged.ts';
import { reviewNumberOf } from './review-numbers.ts';
import { breakerWait, type MoneyPorts, releaseMoney, reserveMoney } from './spend-breaker.ts';

export type PromiseNeeds = MoneyPorts &
  Pick<Ports, 'tags' | 'limits' | 'ledgers' | 'reviewNumbers'>;

/** An SMS to a caller-chosen phone that may be promised, because it is paid. */
export interface PromisedSms {
  readonly kind: 'promised';
  /** Epoch seconds at which its money was reserved. Absent for a review number, which is sent nothing. */
  readonly reservedAt?: number;
  /** The unit of its address, for the challenge to keep. */
  readonly addressUnit: AddressUnit;
  /** Gives address and purse back what was taken. Call it at most once, if the SMS is not promised after all. */
  readonly undo: () => Promise<void>;
  /**
   * The same for a call that gives no answer (docs/decisions/0032). After a lost answer the money is kept, because the SMS may
   * be promised.
   */
  readonly returns: readonly Return[];
}

/** `seconds`: to wait. */
export interface RefusedPromise {
  readonly kind: 'refused';
  readonly seconds: number;
  readonly limit: 'address' | 'service';
}

interface CallerChosen {
  /** Tag of the address from which the challenge was started. */
  readonly addressTag: string;
  /** E.164 */
  readonly phone: string;
  readonly phoneTag: string;
}

/**
 * Takes what an SMS to a caller-chosen phone costs, before a request promises it: one of the unverified SMS of its address,
 * and its money. So a burst of requests never promises more SMS than the purse pays.
 *
 * Both counters are hot: many people share an address, and all share the purse. So both are plain conditional updates
 * before the transaction that stores the promise. Two AWS calls. The breaker comes first, so that its refusal costs the
 * address nothing.
 * @returns with `refused`, the seconds to wait; nothing is taken then
 */
export const promiseSms =
  (ports: PromiseNeeds) =>
  async (of: CallerChosen): Promise<PromisedSms | RefusedPromise> => {
    const closed = await breakerWait(ports)('caller-chosen-phone');
    if (closed > 0) return { kind: 'refused', seconds: closed, limit: 'service' };
    const now = ports.clock();
    const charged = await chargeRegistrationAddress(ports)(of.addressTag, now);
    if (charged.kind === 'refused') {
      const wait = retryAfter(charged.counts, charged.charge, now);
      return { kind: 'refused', seconds: wait, limit: 'address' };
    }
    const { unit, isFirst } = charged;
    const returned = returnOf(ports, unit);
    const use = { isFirst, now, returned, addressUnit: addressUnitOf(unit) };
    return returnUnjudged([returned], () => reserve(ports, of, use));
  };

interface ChargedUse {
  readonly isFirst: boolean;
  readonly now: number;
  readonly returned: Return;
  readonly addressUnit: AddressUnit;
}

async function reserve(
  ports: PromiseNeeds,
  { addressTag, phone, phoneTag }: CallerChosen,
  { isFirst, now, returned, addressUnit }: ChargedUse,
): Promise<PromisedSms | RefusedPromise> {
  const returnUse = () => returnUnverifiedUse(ports)(addressTag, now);
  const seconds = isFirst ? 0 : await prefixWait(ports, phone, now);
  if (seconds > 0) {
    await returnUse();
    return { kind: 'refused', seconds, limit: 'service' };
  }
  // A review number is sent nothing, so it costs no money.
  if (await reviewNumberOf(ports)(phoneTag)) {
    return { kind: 'promised', addressUnit, undo: returnUse, returns: [returned] };
  }
  const reserved = await reserveMoney(ports)(isFirst, now);
  if (reserved.kind === 'refused') {
    await returnUse();
    return { kind: 'refused', seconds: Math.max(1, reserved.until - now), limit: 'service' };
  }
  const release = () => releaseMoney(ports)(now);
  const undo = async () => {
    await Promise.all([returnUse(), release()]);
  };
  const releaseUnjudged: Return = async (why) => {
    if (why === 'not-judged') await release();
  };
  const returns = [returned, releaseUnjudged];
  return { kind: 'promised', reservedAt: now, addressUnit, undo, returns };
}

/**
 * As {@link promiseSms}.
 * @throws Problem too_many_requests
 */
export const requirePromise =
  (ports: PromiseNeeds) =>
  async (of: CallerChosen): Promise<PromisedSms> => {
    const result = await promiseSms(ports)(of);
    if (result.kind === 'promised') return result;
    throw new Problem('too_many_requests', { retryAfter: result.seconds, limit: result.limit });
  };

/** The first codes of an address are never refused for the prefix: one pumped prefix must not close it for its people. */
async function prefixWait({ breakers }: PromiseNeeds, phone: string, now: number): Promise<number> {
  const breaker = spendBreaker(prefixOf(phone), 'caller-chosen-phone');
  return (await breakers.openUntil(breaker)) - now;
}
