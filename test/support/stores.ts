import { createAccountStore } from '../../lambdas/adapters/dynamodb/account-store.ts';
import { createBreakerStore } from '../../lambdas/adapters/dynamodb/breaker-store.ts';
import { createChallengeStore } from '../../lambdas/adapters/dynamodb/challenge-store.ts';
import { createLedgerStore } from '../../lambdas/adapters/dynamodb/ledger-store.ts';
import { createSpendStore } from '../../lambdas/adapters/dynamodb/spend-store.ts';
import type { ChallengeStore } from '../../lambdas/core/challenge-ports.ts';
import type { BreakerStore, SpendStore } from '../../lambdas/core/money-ports.ts';
import type { AccountStore, LedgerStore } from '../../lambdas/core/ports.ts';
import { fakeAccountStore } from './fakes/account-store.ts';
import { fakeChallengeStore } from './fakes/challenge-store.ts';
import { fakeLedgers } from './fakes/ledger-store.ts';
import { fakeBreakerStore, fakeSpendStore } from './fakes/spend-store.ts';
import { newTable } from './table.ts';

export interface Stores {
  readonly spendings: SpendStore;
  readonly breakers: BreakerStore;
  readonly challenges: ChallengeStore;
  readonly ledgers: LedgerStore;
  readonly accounts: AccountStore;
}

export function fakeStores(): Stores {
  const ledgers = fakeLedgers();
  const challenges = fakeChallengeStore(ledgers);
  const money = { spendings: fakeSpendStore(), breakers: fakeBreakerStore() };
  return { challenges, ledgers, accounts: fakeAccountStore(challenges), ...money };
}

export async function dynamoStores(): Promise<Stores> {
  const table = await newTable();
  return {
    challenges: createChallengeStore(table),
    ledgers: createLedgerStore(table),
    accounts: createAccountStore(table),
    spendings: createSpendStore(table),
    breakers: createBreakerStore(table, () => Date.now() / 1000),
  };
}

/** What a contract suite runs on: the fake the rules are tested with, and the store they run on. */
export const implementations: [name: string, open: () => Promise<Stores>][] = [
  ['the fake', async () => fakeStores()],
  ['DynamoDB', dynamoStores],
];
