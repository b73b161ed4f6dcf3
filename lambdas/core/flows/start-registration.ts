import type { ChallengeView } from '../engine/challenge.ts';
import { startChallenge } from '../engine/start-challenge.ts';
import type { Language } from '../language.ts';
import type { Ports } from '../ports.ts';
import { chargeAddress } from './charge-address.ts';

type Needs = Pick<Ports, 'clock' | 'entropy' | 'keys' | 'limits' | 'challenges' | 'ledgers'>;

/**
 * Starts a registration: the code goes out with it. Two AWS calls.
 * @throws Problem too_many_requests
 */
export const startRegistration =
  (ports: Needs) =>
  async (input: {
    readonly phone: string;
    readonly address: string;
    readonly language: Language;
  }): Promise<ChallengeView> => {
    await chargeAddress(ports)(input.address);
    const phoneTag = (await ports.keys()).tag('phone', input.phone);
    return startChallenge(ports)({
      purpose: 'registration',
      language: input.language,
      phone: input.phone,
      phoneTag,
      decoy: false,
      send: true,
    });
  };
