import { startCharges, throwIfRefused } from '../budgets/challenge-charges.ts';
import { triesWithheld } from '../budgets/guess-breaker.ts';
import { type Return, returnUnjudged, unjudgedBy } from '../budgets/return-unjudged.ts';
import { limitsOfPhone } from '../budgets/review-numbers.ts';
import {
  type AddressSubject,
  type AddressUnit,
  type Challenge,
  type ChallengeSubject,
  type ChallengeView,
  type ClosingSubject,
  type Commitment,
  isCodeless,
  type LoginSubject,
  methodsOf,
  type PhoneChangeSubject,
  type PhoneFirstSubject,
  type RegistrationSubject,
  type ResetSubject,
  sendKey,
  type TransactionSubject,
} from '../model/challenge.ts';
import type { ChargedUnit } from '../model/ledger.ts';
import { Problem } from '../model/problems.ts';
import { paymentOf } from '../model/purpose.ts';
import { sealPhone } from '../model/sealed-phone.ts';
import { sealShownName } from '../model/shown-name.ts';
import type { Ports } from '../ports/index.ts';
import type { Language } from '../values/language.ts';
import { type ChallengeId, mintChallengeId } from './id.ts';
import { idEntropy, type KeyedRequest } from './idempotency.ts';
import { shownPhone, viewChallenge } from './view.ts';

/** Seals what only the purpose's own flow may open again, for the id of the new challenge. */
type Sealing = (challengeId: ChallengeId) => Promise<string>;

/** What a purpose adds to its challenge. */
export type StartSubject =
  | RegistrationSubject
  | PhoneChangeSubject
  | ClosingSubject
  | PhoneFirstSubject
  | (Pick<ResetSubject, 'purpose' | 'accountTag' | 'ledgerTag'> & {
      /** Seals the username. */
      readonly seal: Sealing;
    })
  | (Pick<
      LoginSubject,
      'purpose' | 'accountTag' | 'ledgerTag' | 'userId' | 'methods' | 'deviceId'
    > & {
      /** Seals the directory's refresh token. */
      readonly seal: Sealing;
    })
  | (Pick<TransactionSubject, 'purpose' | 'service'> & {
      /** Seals the transaction. */
      readonly seal: Sealing;
    });

interface StartOptions {
  readonly language: Language;
  /** E.164 */
  readonly phone: string;
  readonly phoneTag: string;
  /** The account's username in lower case, for an SMS that may show its mask. Decoys have one as well. */
  readonly username?: string;
  readonly decoy: boolean;
  /** Whether the first SMS goes out with the start, or waits for `sendChallenge`. */
  readonly send: boolean;
  /** The unit that an address was charged for the start. */
  readonly addressUnit?: AddressUnit;
  /** A unit that the start returns to its ledger. */
  readonly returned?: ChargedUnit;
  /** The request that starts the challenge, where it may be repeated. */
  readonly request?: KeyedRequest | undefined;
  /** Returns what was charged elsewhere, where this request is refused or finds its challenge started. */
  readonly undo?: () => Promise<void>;
  /** The same for a start that fails without an answer. */
  readonly returns?: readonly Return[];
}

export type ChallengeStart = StartOptions & StartSubject;

type Needs = Pick<
  Ports,
  | 'clock'
  | 'entropy'
  | 'tags'
  | 'phoneSealKeys'
  | 'limits'
  | 'challenges'
  | 'breakers'
  | 'ledgers'
  | 'reviewNumbers'
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
    const { returns = [], undo } = start;
    try {
      return await returnUnjudged(returns, () => storeChallenge(ports, start));
    } catch (error) {
      if (error instanceof Problem && !unjudgedBy(error)) await undo?.();
      throw error;
    }
  };

async function storeChallenge(ports: Needs, start: ChallengeStart): Promise<ChallengeView> {
  const { clock, entropy, tags, phoneSealKeys, limits, challenges } = ports;
  const now = clock();
  const [tagger, { current: phoneSealKey }, attempts] = await Promise.all([
    tags(),
    phoneSealKeys(),
    triesWithheld(ports)(paymentOf(start), start.phone),
  ]);
  const random = start.request ? idEntropy(tagger, start.request, now) : entropy;
  const challengeId = mintChallengeId(random, commitmentOf(start));
  const { language, phone, phoneTag, username, decoy, send, returned, addressUnit } = start;
  const sendBy = now + limits.codeSeconds;
  const sendAgainAt = send ? now + limits.resendSeconds : now;
  const challenge: Challenge = {
    idHash: challengeId.hash,
    status: 'pending',
    language,
    decoy,
    ...sealPhone(phoneSealKey, entropy, phoneTag, phone),
    ...(username !== undefined && {
      shownName: sealShownName(phoneSealKey, entropy, phoneTag, username),
    }),
    createdAt: now,
    sendBy,
    attempts,
    uses: 0,
    sentAt: send ? { [sendKey(1)]: now } : {},
    addressUnits: addressUnit ? [addressUnit] : [],
    ...(send ? { sends: 1, outbox: 1, sendAgainAt, expiresAt: sendBy } : { sends: 0 }),
    ...(await sealSubject(start, challengeId)),
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
    destination: shownPhone(start.purpose, phone),
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
  // The twin needed no code. A repetition of this request gets the session that the twin opened.
  if (isCodeless(stored)) throw new Problem('unavailable', { retryAfter: 1 });
  if (returned) await ports.ledgers.returnUnit(returned.charge, returned.at);
  await start.undo?.();
  return viewChallenge(ports)(id, stored);
}

const commitmentOf = (start: ChallengeStart): Commitment => ({
  purpose: start.purpose,
  accountTag: 'accountTag' in start ? start.accountTag : undefined,
  phoneTag: start.phoneTag,
});

async function sealSubject(
  start: ChallengeStart,
  challengeId: ChallengeId,
): Promise<ChallengeSubject> {
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
        username: await start.seal(challengeId),
      };
    case 'login':
      return {
        purpose: start.purpose,
        accountTag: start.accountTag,
        ledgerTag: start.ledgerTag,
        userId: start.userId,
        methods: start.methods,
        directoryToken: await start.seal(challengeId),
        ...(start.deviceId !== undefined && { deviceId: start.deviceId }),
      };
    case 'phone-first':
      return {
        purpose: start.purpose,
        accountTag: start.accountTag,
        ledgerTag: start.ledgerTag,
        methods: start.methods,
      };
    case 'transaction':
      return {
        purpose: start.purpose,
        service: start.service,
        transaction: await start.seal(challengeId),
      };
  }
}

const addressOf = ({ addressTag, reservedAt }: AddressSubject): AddressSubject => ({
  addressTag,
  ...(reservedAt !== undefined && { reservedAt }),
});
