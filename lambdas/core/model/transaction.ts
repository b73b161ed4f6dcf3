import * as z from 'zod';
import type { Keyring, Keys } from '../crypto/keyring.ts';
import { seal, unseal } from '../crypto/seal.ts';
import type { Entropy } from '../system.ts';
import type { Text } from '../values/language.ts';
import type { ChallengeOf } from './challenge.ts';

/** An external service whose users approve its transactions with a code from Hawiya. */
export interface RelyingService {
  /** Id from the stage's configuration: `e-prescription`. */
  readonly id: string;
  /** Id of the service's app client in the user pool. */
  readonly clientId: string;
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

/** Seals a transaction under the current key, bound to its challenge. @returns the format of `seal` */
export const sealTransaction = (
  keyring: Keyring,
  entropy: Entropy,
  idHash: string,
  transaction: Transaction,
): string => seal(keyring, entropy, transactionContext(idHash), JSON.stringify(transaction));

/**
 * Opens the sealed transaction of a challenge.
 * @throws Error if the challenge holds no transaction or the seal does not open
 */
export async function openTransaction(
  keys: Keys,
  { idHash, transaction }: Pick<ChallengeOf<'transaction'>, 'idHash' | 'transaction'>,
): Promise<Transaction> {
  return schema.parse(JSON.parse(await unseal(keys, transactionContext(idHash), transaction)));
}
