import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Account } from '#core/model/account.ts';
import type { Entropy } from '#core/system.ts';
import { createAccountStore } from '../../lambdas/adapters/dynamodb/account-store.ts';
import { conditionHolds } from '../../lambdas/adapters/dynamodb/contention.ts';
import { keyOf, type Table, toAttributes } from '../../lambdas/adapters/dynamodb/table.ts';
import { inParallel, itemsOf, tagIn } from '../table-job/items.ts';
import {
  type AccountSealKeys,
  holdsOldSeals,
  resealAccount,
  type SealChange,
} from './reseal-account.ts';

/** What a run did, and what is left. Numbers of accounts. */
export interface Resealed {
  readonly accounts: number;
  readonly resealed: number;
  /** Accounts with a seal that does not open. The functions cannot open it either. */
  readonly unreadable: number;
  /** Accounts that still hold a seal of an older version, counted by a second reading of the table. */
  readonly left: number;
}

interface Options {
  readonly entropy: Entropy;
  /** Gets the accounts read so far. */
  readonly onPage?: (accounts: number) => void;
}

/** Tries to write an account that others change at the same time. */
const tries = 10;

/**
 * Seals anew what all accounts hold. Each account is one conditional write that compares every seal it replaces, so a
 * change that a person makes meanwhile is never lost. A run that was interrupted is started again: it finds what is left.
 */
export async function resealTable(
  table: Table,
  keys: AccountSealKeys,
  { entropy, onPage }: Options,
): Promise<Resealed> {
  let [accounts, resealed, unreadable, left] = [0, 0, 0, 0];
  for await (const page of itemsOf(table, 'account')) {
    const results = await inParallel(page, ({ pk }) => resealOne(table, tagIn(pk), keys, entropy));
    resealed += results.filter((result) => result === 'resealed').length;
    unreadable += results.filter((result) => result === 'unreadable').length;
    accounts += page.length;
    onPage?.(accounts);
  }
  const store = createAccountStore(table);
  for await (const page of itemsOf(table, 'account')) {
    const found = await inParallel(page, ({ pk }) => store.find(tagIn(pk)));
    left += found.filter((account) => account && holdsOldSeals(account, keys)).length;
  }
  return { accounts, resealed, unreadable, left };
}

async function resealOne(
  table: Table,
  usernameTag: string,
  keys: AccountSealKeys,
  entropy: Entropy,
): Promise<'resealed' | 'unchanged' | 'unreadable'> {
  const store = createAccountStore(table);
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const account = await store.find(usernameTag);
    if (!account) return 'unchanged';
    const changes = await resealAccount(account, keys, entropy).catch(() => undefined);
    if (!changes) return 'unreadable';
    if (changes.length === 0) return 'unchanged';
    if (await writeChanges(table, account, changes)) return 'resealed';
  }
  // The next run tries again, and the check at the end counts the account.
  return 'unchanged';
}

/** @returns whether no seal has changed since the account was read */
async function writeChanges(
  { client, name }: Table,
  { usernameTag }: Account,
  changes: readonly SealChange[],
): Promise<boolean> {
  const pathOf = (path: string, index: number) =>
    path
      .split('.')
      .map((_, depth) => `#p${index}_${depth}`)
      .join('.');
  const names = changes.flatMap(({ path }, index) =>
    path.split('.').map((part, depth) => [`#p${index}_${depth}`, part] as const),
  );
  const values = changes.flatMap(({ from, to }, index) => [
    [`:from${index}`, from] as const,
    [`:to${index}`, to] as const,
  ]);
  const write = new UpdateItemCommand({
    TableName: name,
    Key: keyOf.account(usernameTag),
    UpdateExpression: `SET ${changes.map(({ path }, i) => `${pathOf(path, i)} = :to${i}`).join(', ')}`,
    ConditionExpression: changes
      .map(({ path }, i) => `${pathOf(path, i)} = :from${i}`)
      .join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(names),
    ExpressionAttributeValues: toAttributes(Object.fromEntries(values)),
  });
  return conditionHolds(() => client.send(write));
}
