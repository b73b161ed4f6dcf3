import { startCharges, throwIfRefused } from '../budgets/challenge-charges.ts';
import { triesWithheld } from '../budgets/guess-breaker.ts';
import { limitsOfPhone } from '../budgets/review-numbers.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { seal, sealUnder } from '../crypto/seal.ts';
import {
  type AddressSubject,
  type Challenge,
  type ChallengeSubject,
  type ChallengeView,
  type ClosingSubject,
  isCodeless,
  type LoginSubject,
  loginTokenContext,
  methodsOf,
  type PhoneChangeSubject,
  phoneContext,
  type RegistrationSubject,
  type ResetSubject,
  type TransactionSubject,
  usernameContext,
} from '../model/challenge.ts';
import type { ChargedUnit } from '../model/ledger.ts';
import { Problem } from '../model/problems.ts';
import { paymentOf } from '../model/purpose.ts';
import { sealTransaction, type Transaction } from '../model/transaction.ts';
import type { Ports } from '../ports/index.ts';
import type { Entropy } from '../system.ts';
import type { Language } from '../values/language.ts';
import { maskPhone } from '../values/phone.ts';
import { type ChallengeId, mintChallengeId } from './id.ts';
import { idEntropy, type KeyedRequest } from './idempotency.ts';
import { viewChallenge } from './view.ts';

/** What a purpose adds to its challenge, before it is sealed. */
export type StartSubject =
  | RegistrationSubject
  | PhoneChangeSubject
  | ClosingSubject
  | (Pick<ResetSubject, 'purpose' | 'accountTag' | 'ledgerTag'> & {
      /** In the clear. */
      readonly username: string;
    })
  | (Pick<
      LoginSubject,
      'purpose' | 'accountTag' | 'ledgerTag' | 'userId' | 'methods' | 'deviceId'
    > & {
      /** The directory's refresh token, in the clear. */
      readonly directoryToken: string;
    })
  | (Pick<TransactionSubject, 'purpose' | 'service'> & {
      /** In the clear. */
      readonly transaction: Transaction;
    });

interface StartOptions {
  readonly language: Language;
  /** E.164 */
  readonly phone: string;
  readonly phoneTag: string;
  readonly decoy: boolean;
  /** Whether the first SMS goes out with the start, or waits for `sendChallenge`. */
  readonly send: boolean;
  /** A unit that the start returns to its ledger. */
  readonly returned?: ChargedUnit;
  /** The request that starts the challenge, where it may be repeated. */
  readonly request?: KeyedRequest | undefined;
  /** Returns what was charged elsewhere, where this request starts no challenge. */
  readonly undo?: () => Promise<void>;
}

export type ChallengeStart = StartOptions & StartSubject;

type Needs = Pick<
  Ports,
  'clock' | 'entropy' | 'keys' | 'limits' | 'challenges' | 'breakers' | 'ledgers' | 'reviewNumbers'
>;

/**
 * Starts a challenge: one transaction stores it and charges the ledgers of its phone and account. With `send` the item has
 * the outbox mark, and the table's stream delivers the code. While a guess breaker is open, the challenge begins with
 * attempts already counted, so that verification needs no breaker.
 * @throws Problem too_many_requests where a budget of the phone or of the account is full
 */
export const startChallenge =
  (ports: Needs) =>
  async (start: ChallengeStart): Promise<ChallengeView> => {
    try {
      return await storeChallenge(ports, start);
    } catch (error) {
      if (error instanceof Problem) await start.undo?.();
      throw error;
    }
  };

async function storeChallenge(ports: Needs, start: ChallengeStart): Promise<ChallengeView> {
  const { clock, entropy, keys, limits, challenges } = ports;
  const now = clock();
  const [keyring, attempts] = await Promise.all([
    keys(),
    triesWithheld(ports)(paymentOf(start), start.phone),
  ]);
  const random = start.request ? idEntropy(keyring, start.request, now) : entropy;
  const challengeId = mintChallengeId(random, keyring.current.version);
  const { language, phone, phoneTag, decoy, send, returned } = start;
  const sendBy = now + limits.codeSeconds;
  const sendAgainAt = send ? now + limits.resendSeconds : now;
  const challenge: Challenge = {
    idHash: challengeId.hash,
    keyVersion: keyring.current.version,
    status: 'pending',
    language,
    decoy,
    phone: seal(keyring, entropy, phoneContext(phoneTag), phone),
    phoneTag,
    createdAt: now,
    sendBy,
    attempts,
    uses: 0,
    ...(send ? { sends: 1, outbox: 1, sendAgainAt, expiresAt: sendBy } : { sends: 0 }),
    ...sealSubject(start, keyring, entropy, challengeId),
  };
  const charges = startCharges(start, await limitsOfPhone(ports)(phoneTag), send);

  const result = await challenges.start(challenge, charges, now, returned);
  if (result.kind === 'exists') return viewTwin(ports, start, challengeId);
  throwIfRefused(result, now);
  const methods = methodsOf(challenge);
  return {
    id: challengeId.id,
    purpose: start.purpose,
    sendAgainAt,
    expiresAt: sendBy,
    sent: send,
    destination: maskPhone(phone),
    ...(methods && { methods }),
  };
}

/** The challenge of a parallel request with the same key and content. What this request was charged is returned. */
async function viewTwin(
  ports: Needs,
  start: ChallengeStart,
  { id, hash }: ChallengeId,
): Promise<ChallengeView> {
  const { returned, request } = start;
  const stored = request && (await ports.challenges.find(hash));
  if (!stored) throw new Error('A challenge id came up twice');
  if (returned) await ports.ledgers.returnUnit(returned.charge, returned.at);
  // The twin needed no code. A repetition of this request gets the session that the twin opened.
  if (isCodeless(stored)) throw new Problem('unavailable', { retryAfter: 1 });
  await start.undo?.();
  return viewChallenge(ports)(id, stored);
}

/**
 * Seals what only the purpose's own flow may open again. The directory's token opens only with the id, which the claimant
 * alone holds.
 */
function sealSubject(
  start: ChallengeStart,
  keyring: Keyring,
  entropy: Entropy,
  { hash, bytes }: ChallengeId,
): ChallengeSubject {
  switch (start.purpose) {
    case 'registration':
      return { purpose: start.purpose, ...addressOf(start) };
    case 'phone-change':
      return {
        purpose: start.purpose,
        ...addressOf(start),
        accountTag: start.accountTag,
        ledgerTag: start.ledgerTag,
        userId: start.userId,
      };
    case 'account-closing':
      return {
        purpose: start.purpose,
        accountTag: start.accountTag,
        ledgerTag: start.ledgerTag,
        userId: start.userId,
      };
    case 'password-reset':
      return {
        purpose: start.purpose,
        accountTag: start.accountTag,
        ledgerTag: start.ledgerTag,
        username: seal(keyring, entropy, usernameContext(hash), start.username),
      };
    case 'login':
      return {
        purpose: start.purpose,
        accountTag: start.accountTag,
        ledgerTag: start.ledgerTag,
        userId: start.userId,
        methods: start.methods,
        directoryToken: sealUnder(
          keyring,
          entropy,
          bytes,
          loginTokenContext(hash),
          start.directoryToken,
        ),
        ...(start.deviceId !== undefined && { deviceId: start.deviceId }),
      };
    case 'transaction':
      return {
        purpose: start.purpose,
        service: start.service,
        transaction: sealTransaction(keyring, entropy, hash, start.transaction),
      };
  }
}

const addressOf = ({ addressTag, reservedAt }: AddressSubject): AddressSubject => ({
  addressTag,
  ...(reservedAt !== undefined && { reservedAt }),
});
