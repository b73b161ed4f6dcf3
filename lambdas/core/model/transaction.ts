import * as z from 'zod/mini';
import type { Keys } from '../crypto/keyring.ts';
import type { SealKey } from '../crypto/keys.ts';
import { seal, unseal } from '../crypto/seal.ts';
import type { Entropy } from '../system.ts';
import type { Text } from '../values/language.ts';
import type { ChallengeOf } from './challenge.ts';

/** An external service whose users approve its transactions with a code from Hawiya. */
export interface RelyingService {
  /** Id from the stage's configuration: `e-prescription`. */
  readonly id: string;
  /** The service's name for people. The SMS shows it before the service's own text, so the operator chooses it. */
  readonly name: Text;
  /** The purposes for which the service may ask for approval. */
  readonly purposes: readonly string[];
  readonly challengesPerHour: number;
  readonly challengesPerDay: number;
}

const schema = z.object({ serviceName: z.string(), purpose: z.string(), display: z.string() });

/** A transaction that a person is asked to approve. */
export interface Transaction {
  /** The service's name as the SMS shows it. */
  readonly serviceName: string;
  /** One of the service's purposes. */
  readonly purpose: string;
  /** The text that the person reads, as `readDisplayText` returns it. */
  readonly display: string;
}

const transactionContext = (idHash: string) => `transaction:${idHash}`;

/** Seals a transaction, bound to its challenge. @returns the format of `seal` */
export const sealTransaction = (
  key: SealKey,
  entropy: Entropy,
  idHash: string,
  transaction: Transaction,
): string => seal(key, entropy, transactionContext(idHash), JSON.stringify(transaction));

/**
 * Opens the sealed transaction of a challenge.
 * @throws Error if the challenge holds no transaction or the seal does not open
 */
export async function openTransaction(
  keys: Keys<SealKey>,
  {
    idHash,
    transaction,
    createdAt,
  }: Pick<ChallengeOf<'transaction'>, 'idHash' | 'transaction' | 'createdAt'>,
): Promise<Transaction> {
  const text = await unseal(keys, transactionContext(idHash), transaction, createdAt);
  return schema.parse(JSON.parse(text));
}
