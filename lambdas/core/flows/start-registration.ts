import { checkBreaker } from '../engine/breaker.ts';
import type { ChallengeView } from '../engine/challenge.ts';
import { chargeAddress, returnShare } from '../engine/charge-address.ts';
import { keyedRequest, viewStarted } from '../engine/idempotency.ts';
import { startChallenge } from '../engine/start-challenge.ts';
import type { Language } from '../language.ts';
import type { Ports } from '../ports.ts';

type Needs = Pick<
  Ports,
  'clock' | 'entropy' | 'keys' | 'limits' | 'challenges' | 'ledgers' | 'breakers' | 'reviewNumbers'
>;

/**
 * Starts a registration: the code goes out with it. Two AWS calls, two more at once where
 * the request has a key, and now and then one that reads the breaker, which comes first: what it refuses costs the
 * address nothing.
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
    const started = await viewStarted(ports)(request);
    if (started) return started;
    await checkBreaker(ports)('registration', input.phone);
    const startedAt = ports.clock();
    const { tag: addressTag } = await chargeAddress(ports)(input.address, 'registration');
    const phoneTag = (await ports.keys()).tag('phone', input.phone);
    return startChallenge(ports)({
      purpose: 'registration',
      language: input.language,
      phone: input.phone,
      ...{ phoneTag, addressTag },
      decoy: false,
      ...{ send: true, request },
      undo: () => returnShare(ports)(addressTag, startedAt),
    });
  };
