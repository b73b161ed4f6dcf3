import { throwIfRefused } from '../budgets/challenge-charges.ts';
import { returnOf } from '../budgets/return-unjudged.ts';
import { reviewNumberOf } from '../budgets/review-numbers.ts';
import { checkBreaker } from '../budgets/spend-breaker.ts';
import { keyedRequest, viewStarted } from '../challenge/idempotency.ts';
import { startChallenge } from '../challenge/start.ts';
import { transactionMessage } from '../delivery/messages.ts';
import type { ChallengeView } from '../model/challenge.ts';
import type { Charge } from '../model/ledger.ts';
import { Problem } from '../model/problems.ts';
import { relyingScope } from '../model/purpose.ts';
import { type RelyingService, sealTransaction, type Transaction } from '../model/transaction.ts';
import type { Ports } from '../ports/index.ts';
import type { Language, Text } from '../values/language.ts';
import { longestPortalHost } from '../values/portal-host.ts';
import { roomLeft } from '../values/sms-parts.ts';

type Needs = Pick<
  Ports,
  | 'clock'
  | 'entropy'
  | 'phoneSealKeys'
  | 'sealKeys'
  | 'tags'
  | 'limits'
  | 'challenges'
  | 'ledgers'
  | 'breakers'
  | 'reviewNumbers'
>;

interface TransactionInput {
  readonly service: RelyingService;
  readonly phone: string;
  readonly purpose: string;
  /** As `readDisplayText` returns it. */
  readonly display: string;
  readonly language: Language;
  readonly idempotencyKey?: string | undefined;
}

/**
 * Starts the challenge of a relying service's transaction and sends the code. No address is
 * charged, because all requests for a relying service's people come from its own address.
 * Two AWS calls. Two more in parallel where the request has a key, and now and then one that reads
 * the breaker.
 * @throws Problem invalid_request (not a purpose of the relying service, or a display that does not
 *   fit the SMS), destination_unsupported (a review number), too_many_requests
 */
export const startTransaction =
  (ports: Needs) =>
  async (input: TransactionInput): Promise<ChallengeView> => {
    const { service, phone, purpose, display, language } = input;
    const transaction = composeTransaction(ports, input);
    const asks = ['transaction', service.id, phone, purpose, display, language];
    const request = keyedRequest(input.idempotencyKey, ...asks);
    const phoneTag = (await ports.tags()).tag('phone', phone);
    const commitment = { purpose: 'transaction', phoneTag } as const;
    const started = await viewStarted(ports)(request, commitment);
    if (started) return started;

    // The code of a review number is known to others: it proves nothing to a relying service.
    if (await reviewNumberOf(ports)(phoneTag)) throw new Problem('destination_unsupported');
    await checkBreaker(ports)(relyingScope(service.id));
    const unit = { charge: serviceCharge(service), at: ports.clock() };
    throwIfRefused(await ports.ledgers.charge(unit.charge, unit.at), unit.at);
    return startChallenge(ports)({
      ...commitment,
      language,
      phone,
      service: service.id,
      seal: async ({ hash }) =>
        sealTransaction((await ports.sealKeys()).current, ports.entropy, hash, transaction),
      request,
      decoy: false,
      send: true,
      undo: () => ports.ledgers.returnUnit(unit.charge, unit.at),
      returns: [returnOf(ports, unit)],
    });
  };

/**
 * All requests of a relying service meet at this counter. It is hot, so it is a plain conditional
 * update outside the transaction.
 */
const serviceCharge = ({ id, challengesPerHour, challengesPerDay }: RelyingService): Charge => ({
  ledger: { scope: 'relying-service', tag: id },
  counts: 'uses',
  budgets: { usesPerPart: challengesPerHour, usesPerWindow: challengesPerDay },
});

/** Stands for the host of any stage. */
const anyHost = 'h'.repeat(longestPortalHost);

/**
 * The text is never cut short: a person would approve a text without having read its end. It has the room that the longest
 * host leaves, so that a text that is tried on `localhost` fits on every stage.
 * @throws Problem invalid_request
 */
function composeTransaction(
  { limits }: Needs,
  { service, purpose, display, language }: TransactionInput,
): Transaction {
  if (!service.purposes.includes(purpose)) throw invalid('purpose', unknownPurpose);
  const transaction = { serviceName: service.name[language], purpose, display };
  const code = '0'.repeat(limits.codeLength);
  const room = roomLeft(transactionMessage(transaction, language, code, anyHost));
  if (room < 0) throw invalid('display', tooLong(display.length + room));
  return transaction;
}

const unknownPurpose: Text = {
  ar: 'اكتب أحد الأغراض المسجلة لخدمتك.',
  en: 'Use one of the purposes that your service is listed with.',
};

/** One Arabic letter takes more than half the room of an English SMS away. */
const tooLong = (most: number): Text =>
  most > 0
    ? {
        ar: `اكتب ${most} حرفًا على الأكثر ليبقى النص في رسالة واحدة.`,
        en: `Use at most ${most} characters, so that the SMS keeps to one part.`,
      }
    : {
        ar: 'اكتب النص بحروف لغة الرسالة كما في Accept-Language.',
        en: 'Write it in the letters of the language of the SMS, as in Accept-Language.',
      };

const invalid = (path: string, message: Text) =>
  new Problem('invalid_request', { errors: [{ path, message }] });
