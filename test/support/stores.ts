import { createAccountStore } from '../../lambdas/adapters/dynamodb/account-store.ts';
import { createChallengeStore } from '../../lambdas/adapters/dynamodb/challenge-store.ts';
import { createLedgerStore } from '../../lambdas/adapters/dynamodb/ledger-store.ts';
import type { AccountStore, ChallengeStore, LedgerStore } from '../../lambdas/core/ports.ts';
import { fakeAccountStore } from './fakes/account-store.ts';
import { fakeChallengeStore } from './fakes/challenge-store.ts';
import { fakeLedgers } from './fakes/ledger-store.ts';
import { newTable } from './table.ts';

export interface Stores {
  readonly challenges: ChallengeStore;
  readonly ledgers: LedgerStore;
  readonly accounts: AccountStore;
}

export function fakeStores(): Stores {
  const ledgers = fakeLedgers();
  const challenges = fakeChallengeStore(ledgers);
  return { challenges, ledgers, accounts: fakeAccountStore(challenges) };
}

export async function dynamoStores(): Promise<Stores> {
  const table = await newTable();
  return {
    challenges: createChallengeStore(table),
    ledgers: createLedgerStore(table),
    accounts: createAccountStore(table),
  };
}

/** What a contract suite runs on: the fake the rules are tested with, and the store they run on. */
export const implementations: [name: string, open: () => Promise<Stores>][] = [
  ['the fake', async () => fakeStores()],
  ['DynamoDB', dynamoStores],
];
