import type { Records } from '#core/model/records.ts';
import type { Device } from '#core/model/session.ts';
import type { AccountStore } from '#core/ports/account-store.ts';
import type { BreakerStore } from '#core/ports/breaker-store.ts';
import type { ChallengeStore } from '#core/ports/challenge-store.ts';
import type { DeviceStore } from '#core/ports/device-store.ts';
import type { EventStore } from '#core/ports/event-store.ts';
import type { LedgerStore } from '#core/ports/ledger-store.ts';
import type { NoticeStore } from '#core/ports/notice-store.ts';
import type { PublicKeyStore } from '#core/ports/public-key-store.ts';
import type { SessionStore } from '#core/ports/session-store.ts';
import type { SpendStore } from '#core/ports/spend-store.ts';
import { createAccountStore } from '../../../lambdas/adapters/dynamodb/account-store.ts';
import { createBreakerStore } from '../../../lambdas/adapters/dynamodb/breaker-store.ts';
import { createChallengeStore } from '../../../lambdas/adapters/dynamodb/challenge-store.ts';
import { createDeviceStore } from '../../../lambdas/adapters/dynamodb/device-store.ts';
import { createEventStore } from '../../../lambdas/adapters/dynamodb/event-store.ts';
import { createLedgerStore } from '../../../lambdas/adapters/dynamodb/ledger-store.ts';
import { createNoticeStore } from '../../../lambdas/adapters/dynamodb/notice-store.ts';
import { createPublicKeyStore } from '../../../lambdas/adapters/dynamodb/public-key-store.ts';
import { createSessionStore } from '../../../lambdas/adapters/dynamodb/session-store.ts';
import { createSpendStore } from '../../../lambdas/adapters/dynamodb/spend-store.ts';
import type { Table } from '../../../lambdas/adapters/dynamodb/table.ts';
import { fakeAccountStore, type HeldAccount } from '../fakes/account-store.ts';
import type { HeldChallenge } from '../fakes/challenge-store.ts';
import { fakeChallengeStore } from '../fakes/challenge-store.ts';
import { fakeEventStore } from '../fakes/event-store.ts';
import { fakePublicKeys } from '../fakes/keys.ts';
import { fakeLedgers } from '../fakes/ledger-store.ts';
import { fakeNoticeStore } from '../fakes/notice-store.ts';
import { fakeDeviceStore, fakeSessionStore } from '../fakes/session-store.ts';
import { fakeBreakerStore, fakeSpendStore } from '../fakes/spend-store.ts';
import { newTable, thatRunHere } from './table.ts';

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
  readonly publicKeys: PublicKeyStore;
}

/** @param written gets the records that are written with the changes */
export function fakeStores(written: Partial<Records>[] = []): Stores {
  const ledgers = fakeLedgers();
  const challengeItems = new Map<string, HeldChallenge>();
  const challenges = fakeChallengeStore(ledgers, challengeItems);
  const money = { spendings: fakeSpendStore(), breakers: fakeBreakerStore() };
  const devices = new Map<string, Device>();
  const accountItems = new Map<string, HeldAccount>();
  const sessionStore = fakeSessionStore(
    written,
    challenges,
    devices,
    ledgers,
    challengeItems,
    accountItems,
  );
  const people = {
    sessionStore,
    devices: fakeDeviceStore(devices),
    events: fakeEventStore(written),
  };
  const accounts = fakeAccountStore(
    challenges,
    written,
    sessionStore,
    challengeItems,
    accountItems,
  );
  const notices = fakeNoticeStore(written);
  return {
    challenges,
    notices,
    ledgers,
    accounts,
    publicKeys: fakePublicKeys(),
    ...people,
    ...money,
  };
}

export const dynamoStores = async (): Promise<Stores> => storesOn(await newTable());

/** The stores on a table of DynamoDB. */
export function storesOn(table: Table): Stores {
  return {
    challenges: createChallengeStore(table),
    notices: createNoticeStore(table),
    ledgers: createLedgerStore(table),
    accounts: createAccountStore(table),
    spendings: createSpendStore(table),
    sessionStore: createSessionStore(table),
    devices: createDeviceStore(table),
    events: createEventStore(table),
    publicKeys: createPublicKeyStore(table, () => Date.now() / 1000),
    breakers: createBreakerStore(table, () => Date.now() / 1000),
  };
}

/** The implementations that a port suite runs on: the fake that unit tests use, and DynamoDB where there is one. */
export const implementations = thatRunHere<Stores>([
  ['the fake', async () => fakeStores()],
  ['DynamoDB', dynamoStores],
]);
