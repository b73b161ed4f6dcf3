import { chargeAddress, returnUnverifiedUse } from '../budgets/charge-address.ts';
import { checkBreaker } from '../budgets/spend-breaker.ts';
import { keyedRequest, viewStarted } from '../challenge/idempotency.ts';
import { startChallenge } from '../challenge/start.ts';
import type { ChallengeView } from '../model/challenge.ts';
import type { Ports } from '../ports/index.ts';
import type { Language } from '../values/language.ts';

type Needs = Pick<
  Ports,
  | 'clock'
  | 'entropy'
  | 'phoneSealKeys'
  | 'tags'
  | 'limits'
  | 'challenges'
  | 'ledgers'
  | 'breakers'
  | 'reviewNumbers'
>;

/**
 * Starts a registration and sends the code. Two AWS calls. Two more in parallel where the request
 * has a key, and now and then one that reads the breaker. The breaker comes first, so that its
 * refusal costs the address nothing.
 * @throws Problem too_many_requests
 */
export const startRegistration =
  (ports: Needs) =>
  async (input: {
    readonly phone: string;
    readonly address: string;
    readonly language: Language;
    readonly idempotencyKey?: string | undefined;
  }): Promise<ChallengeView> => {
    const request = keyedRequest(input.idempotencyKey, 'registration', input.phone);
    const phoneTag = (await ports.tags()).tag('phone', input.phone);
    const commitment = { purpose: 'registration', phoneTag } as const;
    const started = await viewStarted(ports)(request, commitment);
    if (started) return started;
    await checkBreaker(ports)('caller-chosen-phone', input.phone);
    const unit = await chargeAddress(ports)(input.address, 'caller-chosen-phone');
    const addressTag = unit.charge.ledger.tag;
    return startChallenge(ports)({
      ...commitment,
      language: input.language,
      phone: input.phone,
      addressTag,
      decoy: false,
      send: true,
      request,
      undo: () => returnUnverifiedUse(ports)(addressTag, unit.at),
      charged: unit,
    });
  };
