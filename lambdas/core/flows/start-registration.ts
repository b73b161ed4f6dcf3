import { checkBreaker } from '../engine/breaker.ts';
import type { ChallengeView } from '../engine/challenge.ts';
import { chargeAddress, returnShare } from '../engine/charge-address.ts';
import { startChallenge } from '../engine/start-challenge.ts';
import type { Language } from '../language.ts';
import type { Ports } from '../ports.ts';
import { Problem } from '../problems.ts';

type Needs = Pick<
  Ports,
  'clock' | 'entropy' | 'keys' | 'limits' | 'challenges' | 'ledgers' | 'breakers'
>;

/**
 * Starts a registration: the code goes out with it. Two AWS calls, and now and then one that
 * reads the breaker, which comes first: what it refuses costs the address nothing.
 * @throws Problem too_many_requests
 */
export const startRegistration =
  (ports: Needs) =>
  async (input: {
    readonly phone: string;
    readonly address: string;
    readonly language: Language;
  }): Promise<ChallengeView> => {
    await checkBreaker(ports)('registration', input.phone);
    const startedAt = ports.clock();
    const { tag: addressTag } = await chargeAddress(ports)(input.address, 'registration');
    const phoneTag = (await ports.keys()).tag('phone', input.phone);
    try {
      return await startChallenge(ports)({
        purpose: 'registration',
        language: input.language,
        phone: input.phone,
        ...{ phoneTag, addressTag },
        decoy: false,
        send: true,
      });
    } catch (error) {
      if (error instanceof Problem) await returnShare(ports)(addressTag, startedAt);
      throw error;
    }
  };
