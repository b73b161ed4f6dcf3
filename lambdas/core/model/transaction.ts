import * as z from 'zod';
import type { Keyring, Keys } from '../crypto/keyring.ts';
import { seal, unseal } from '../crypto/seal.ts';
import type { Entropy } from '../system.ts';
import type { Text } from '../values/language.ts';
import type { ChallengeOf } from './challenge.ts';

/** A service of others that has people approve its transactions by our codes. */
export interface RelyingService {
  /** Ours, as in the stage's configuration: `e-prescription`. */
  readonly id: string;
  /** Of its app client in the user pool. */
  readonly clientId: string;
  /** Who it is to people. Ours to say: it stands in the SMS before what the service writes. */
  readonly name: Text;
  /** What it may have approved. */
  readonly purposes: readonly string[];
  readonly challengesPerHour: number;
  readonly challengesPerDay: number;
}

const schema = z.object({ serviceName: z.string(), purpose: z.string(), display: z.string() });

/** What a person is asked to approve. */
export interface Transaction {
  /** The service's name as the SMS says it. */
  readonly serviceName: string;
  /** One of the service's purposes. */
  readonly purpose: string;
  /** What the person reads, as `readDisplayText` gives it. */
  readonly display: string;
}

const transactionContext = (idHash: string) => `transaction:${idHash}`;

export const sealTransaction = (
  keyring: Keyring,
  entropy: Entropy,
  idHash: string,
  transaction: Transaction,
): string => seal(keyring, entropy, transactionContext(idHash), JSON.stringify(transaction));

/** @throws Error where the challenge is of no transaction, or its seal does not open */
export async function openTransaction(
  keys: Keys,
  { idHash, transaction }: Pick<ChallengeOf<'transaction'>, 'idHash' | 'transaction'>,
): Promise<Transaction> {
  return schema.parse(JSON.parse(await unseal(keys, transactionContext(idHash), transaction)));
}
