import { startCharges, throwIfRefused } from '../budgets/challenge-charges.ts';
import { triesWithheld } from '../budgets/guess-breaker.ts';
import { limitsOfPhone } from '../budgets/review-numbers.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { seal, sealUnder } from '../crypto/seal.ts';
import {
  type Challenge,
  type ChallengeView,
  loginTokenContext,
  type Method,
  type Purpose,
  phoneContext,
  usernameContext,
} from '../model/challenge.ts';
import type { ChargedUnit } from '../model/ledger.ts';
import { Problem } from '../model/problems.ts';
import { paymentOf } from '../model/spending.ts';
import { sealTransaction, type Transaction } from '../model/transaction.ts';
import type { Ports } from '../ports/index.ts';
import type { Language } from '../values/language.ts';
import { maskPhone } from '../values/phone.ts';
import { type ChallengeId, mintChallengeId } from './id.ts';
import { idEntropy, type KeyedRequest } from './idempotency.ts';
import { viewChallenge } from './view.ts';

export interface ChallengeStart {
  readonly purpose: Purpose;
  readonly language: Language;
  readonly phone: string;
  readonly phoneTag: string;
  readonly accountTag?: string;
  readonly ledgerTag?: string;
  /** Of a registration and a change of phone. */
  readonly addressTag?: string;
  readonly username?: string;
  /** The directory's id of the user, where one has logged in. */
  readonly userId?: string;
  /** What it may be answered with; by SMS where that is not said. */
  readonly methods?: readonly Method[];
  /** Of a login: the remembered device that was not enough. */
  readonly deviceId?: string;
  /** Of a login: the directory's refresh token, in the clear. */
  readonly directoryToken?: string;
  /** Of a transaction: the relying service that asks, and what for. */
  readonly service?: string;
  readonly transaction?: Transaction;
  readonly decoy: boolean;
  /** What its start gives back. */
  readonly returned?: ChargedUnit;
  /** Whether the first SMS goes out with it, or waits for `sendChallenge`. */
  readonly send: boolean;
  /** The request that starts it, where that may come again. */
  readonly request?: KeyedRequest | undefined;
  /** Gives back what was taken for it elsewhere, where nothing was started by it. */
  readonly undo?: () => Promise<void>;
}

type Needs = Pick<
  Ports,
  'clock' | 'entropy' | 'keys' | 'limits' | 'challenges' | 'breakers' | 'ledgers' | 'reviewNumbers'
>;

/**
 * Starts a challenge: one transaction that stores it and charges the ledgers of its phone and account. With
 * `send`, it carries the outbox mark that makes the table's stream deliver the code. While the service is guessed at, it
 * begins with attempts taken already, so that whoever verifies it need not know why.
 * @throws Problem too_many_requests where the phone or the account is over its budget
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
  const { id, hash } = challengeId;
  const { purpose, language, phoneTag, accountTag, decoy } = start;
  const sendBy = now + limits.codeSeconds;
  const sendAgainAt = start.send ? now + limits.resendSeconds : now;

  const result = await challenges.start(
    {
      idHash: hash,
      keyVersion: keyring.current.version,
      purpose,
      language,
      decoy,
      status: 'pending',
      attempts,
      uses: 0,
      createdAt: now,
      sendBy,
      phone: seal(keyring, entropy, phoneContext(phoneTag), start.phone),
      phoneTag,
      ...(accountTag !== undefined && { accountTag }),
      ...(start.ledgerTag !== undefined && { ledgerTag: start.ledgerTag }),
      ...(start.addressTag !== undefined && { addressTag: start.addressTag }),
      ...(start.service !== undefined && { service: start.service }),
      ...secretsOf(start, keyring, entropy, challengeId),
      ...(start.userId !== undefined && { userId: start.userId }),
      ...(start.deviceId !== undefined && { deviceId: start.deviceId }),
      ...(start.methods && { methods: start.methods }),
      ...(start.send ? { sends: 1, outbox: 1, sendAgainAt, expiresAt: sendBy } : { sends: 0 }),
    },
    startCharges(start, await limitsOfPhone(ports)(phoneTag), start.send),
    now,
    start.returned,
  );
  if (result.kind === 'exists') return ofTwin(ports, start, challengeId);
  throwIfRefused(result, now);
  return {
    id,
    purpose,
    sendAgainAt,
    expiresAt: sendBy,
    sent: start.send,
    destination: maskPhone(start.phone),
    ...(start.methods && { methods: start.methods }),
  };
}

/** The challenge of a twin, whose request was the same: what this one took for it goes back. */
async function ofTwin(
  ports: Needs,
  start: ChallengeStart,
  { id, hash }: ChallengeId,
): Promise<ChallengeView> {
  const { returned, request } = start;
  const challenge = request && (await ports.challenges.find(hash));
  if (!challenge) throw new Error('A challenge id came up twice');
  if (returned) await ports.ledgers.returnUnit(returned.charge, returned.at);
  // The twin got past the second factor without a code: asked again, it says what became of it.
  if (challenge.withoutCode) throw new Problem('unavailable', { retryAfter: 1 });
  await start.undo?.();
  return viewChallenge(ports)(id, challenge);
}

/** What only its own flow may open again; the directory's token only with the id, which is the claimant's alone. */
function secretsOf(
  { username, directoryToken, transaction }: ChallengeStart,
  keyring: Keyring,
  entropy: Ports['entropy'],
  { hash, bytes }: ChallengeId,
): Pick<Challenge, 'directoryToken' | 'transaction' | 'username'> {
  const context = loginTokenContext(hash);
  return {
    ...(username !== undefined && {
      username: seal(keyring, entropy, usernameContext(hash), username),
    }),
    ...(directoryToken !== undefined && {
      directoryToken: sealUnder(keyring, entropy, bytes, context, directoryToken),
    }),
    ...(transaction && { transaction: sealTransaction(keyring, entropy, hash, transaction) }),
  };
}
