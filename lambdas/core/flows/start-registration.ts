import { type PromiseNeeds, requirePromise } from '../budgets/promise-sms.ts';
import { keyedRequest, viewStarted } from '../challenge/idempotency.ts';
import { startChallenge } from '../challenge/start.ts';
import type { ChallengeView } from '../model/challenge.ts';
import { addressLedger } from '../model/ledger.ts';
import type { Ports } from '../ports/index.ts';
import type { Language } from '../values/language.ts';

type Needs = PromiseNeeds & Pick<Ports, 'entropy' | 'challenges' | 'phoneSealKeys'>;

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
    const { phone } = input;
    const tagger = await ports.tags();
    const phoneTag = tagger.tag('phone', phone);
    const commitment = { purpose: 'registration', phoneTag } as const;
    const started = await viewStarted(ports)(request, commitment);
    if (started) return started;
    const { tag: addressTag } = addressLedger(tagger, input.address);
    const { reservedAt, addressUnit, undo, returns } = await requirePromise(ports)({
      addressTag,
      phone,
      phoneTag,
    });
    return startChallenge(ports)({
      ...commitment,
      language: input.language,
      phone,
      addressTag,
      ...(reservedAt !== undefined && { reservedAt }),
      addressUnit,
      decoy: false,
      send: true,
      request,
      undo,
      returns,
    });
  };
