import { type PromiseNeeds, requirePromise } from '../budgets/promise-sms.ts';
import { keyedRequest, viewStarted } from '../challenge/idempotency.ts';
import { startChallenge } from '../challenge/start.ts';
import type { ChallengeView } from '../model/challenge.ts';
import { addressLedger } from '../model/ledger.ts';
import type { Ports } from '../ports/index.ts';
import type { Language } from '../values/language.ts';

type Needs = PromiseNeeds & Pick<Ports, 'entropy' | 'challenges'>;

/**
 * Starts a registration and sends the code. Three AWS calls: address, money, challenge. Two more in
 * parallel where the request has a key, and now and then one that reads the breaker.
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
    const keyring = await ports.keys();
    const { phone } = input;
    const phoneTag = keyring.tag('phone', phone);
    const { tag: addressTag } = addressLedger(keyring, input.address);
    const { reservedAt, undo } = await requirePromise(ports)({ addressTag, phone, phoneTag });
    return startChallenge(ports)({
      purpose: 'registration',
      language: input.language,
      phone,
      phoneTag,
      addressTag,
      ...(reservedAt !== undefined && { reservedAt }),
      decoy: false,
      send: true,
      request,
      undo,
    });
  };
