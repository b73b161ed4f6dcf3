import { createAccountStore } from '../../lambdas/adapters/dynamodb/account-store.ts';
import { createBreakerStore } from '../../lambdas/adapters/dynamodb/breaker-store.ts';
import { createChallengeStore } from '../../lambdas/adapters/dynamodb/challenge-store.ts';
import { createDeviceStore } from '../../lambdas/adapters/dynamodb/device-store.ts';
import { createEventStore } from '../../lambdas/adapters/dynamodb/event-store.ts';
import { createLedgerStore } from '../../lambdas/adapters/dynamodb/ledger-store.ts';
import { createNoticeStore } from '../../lambdas/adapters/dynamodb/notice-store.ts';
import { createSessionStore } from '../../lambdas/adapters/dynamodb/session-store.ts';
import { createSpendStore } from '../../lambdas/adapters/dynamodb/spend-store.ts';
import type { ChallengeStore } from '../../lambdas/core/challenge-ports.ts';
import type { Challenge } from '../../lambdas/core/engine/challenge.ts';
import type { BreakerStore, SpendStore } from '../../lambdas/core/money-ports.ts';
import type { NoticeStore } from '../../lambdas/core/outbox-ports.ts';
import type { AccountStore, LedgerStore } from '../../lambdas/core/ports.ts';
import type { EventStore, Records } from '../../lambdas/core/records.ts';
import type { Device, DeviceStore, SessionStore } from '../../lambdas/core/session-ports.ts';
import { fakeAccountStore } from './fakes/account-store.ts';
import { fakeChallengeStore } from './fakes/challenge-store.ts';
import { fakeEventStore } from './fakes/event-store.ts';
import { fakeLedgers } from './fakes/ledger-store.ts';
import { fakeNoticeStore } from './fakes/notice-store.ts';
import { fakeDeviceStore, fakeSessionStore } from './fakes/session-store.ts';
import { fakeBreakerStore, fakeSpendStore } from './fakes/spend-store.ts';
import { newTable } from './table.ts';

export interface Stores {
  readonly spendings: SpendStore;
  readonly breakers: BreakerStore;
  readonly challenges: ChallengeStore;
  readonly notices: NoticeStore;
  readonly ledgers: LedgerStore;
  readonly accounts: AccountStore;
  readonly sessionStore: SessionStore;
  readonly devices: DeviceStore;
  readonly events: EventStore;
}

/** @param written gets the records that are written with the changes */
export function fakeStores(written: Partial<Records>[] = []): Stores {
  const ledgers = fakeLedgers();
  const challengeItems = new Map<string, Challenge>();
  const challenges = fakeChallengeStore(ledgers, challengeItems);
  const money = { spendings: fakeSpendStore(), breakers: fakeBreakerStore() };
  const devices = new Map<string, Device>();
  const sessionStore = fakeSessionStore(written, challenges, devices, ledgers, challengeItems);
  const people = {
    sessionStore,
    devices: fakeDeviceStore(devices),
    events: fakeEventStore(written),
  };
  const accounts = fakeAccountStore(challenges, written, sessionStore, challengeItems);
  const notices = fakeNoticeStore(written);
  return { challenges, notices, ledgers, accounts, ...people, ...money };
}

export async function dynamoStores(): Promise<Stores> {
  const table = await newTable();
  return {
    challenges: createChallengeStore(table),
    notices: createNoticeStore(table),
    ledgers: createLedgerStore(table),
    accounts: createAccountStore(table),
    spendings: createSpendStore(table),
    sessionStore: createSessionStore(table),
    devices: createDeviceStore(table),
    events: createEventStore(table),
    breakers: createBreakerStore(table, () => Date.now() / 1000),
  };
}

/** What a contract suite runs on: the fake the rules are tested with, and the store they run on. */
export const implementations: [name: string, open: () => Promise<Stores>][] = [
  ['the fake', async () => fakeStores()],
  ['DynamoDB', dynamoStores],
];
