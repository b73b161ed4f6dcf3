import { DeleteItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { lapsedSlots } from '#core/model/phone-slots.ts';
import type { Entropy } from '#core/system.ts';
import { slotsOf } from '../../lambdas/adapters/dynamodb/account-moves.ts';
import { accountFrom, createAccountStore } from '../../lambdas/adapters/dynamodb/account-store.ts';
import { conditionHolds } from '../../lambdas/adapters/dynamodb/contention.ts';
import {
  type Attributes,
  keyOf,
  type Table,
  toAttributes,
} from '../../lambdas/adapters/dynamodb/table.ts';
import { inParallel, itemsOf, tagIn } from '../table-job/items.ts';
import { asRead, moveAccount, read } from './move-account.ts';
import {
  holdsOldTags,
  isOldTag,
  newestTag,
  type RetagKeys,
  retagAccount,
} from './retag-account.ts';

/** What a run did, and what is left. */
export interface Retagged {
  /** Accounts that were read. */
  readonly accounts: number;
  /** Accounts that were moved to newer tags. */
  readonly moved: number;
  /** Accounts with a seal that does not open. The functions cannot open it either. */
  readonly unreadable: number;
  /** Sessions that name their account by its newer tag now. */
  readonly sessions: number;
  /** Items of phones of a former level that nobody uses any more, deleted. */
  readonly phones: number;
  /** Items that still stand under a former tag or hold one, counted by a second reading of the table. */
  readonly left: number;
}

interface Options {
  readonly entropy: Entropy;
  /** Epoch seconds. */
  readonly now: number;
  /** Gets the accounts read so far. */
  readonly onPage?: (accounts: number) => void;
}

/** Tries to move an account that others change at the same time. */
const tries = 10;
/**
 * Moves everything that is kept under a former tag to the newest: accounts with their national IDs and slots first, then
 * the sessions that name them, then the former items of phones. A run that was interrupted is started again: it finds
 * what is left. People can use their accounts meanwhile.
 */
export async function retagTable(
  table: Table,
  keys: RetagKeys,
  { entropy, now, onPage }: Options,
): Promise<Retagged> {
  let [accounts, moved, unreadable, sessions, phones, left] = [0, 0, 0, 0, 0, 0];
  for await (const page of itemsOf(table, 'account')) {
    const results = await inParallel(page, ({ pk }) => moveOne(table, tagIn(pk), keys, entropy));
    moved += results.filter((result) => result === 'moved').length;
    unreadable += results.filter((result) => result === 'unreadable').length;
    accounts += page.length;
    onPage?.(accounts);
  }
  for await (const page of itemsOf(table, 'session')) {
    const old = page.filter(({ usernameTag }) => isOldTag(keys.tags, usernameTag?.S ?? ''));
    const results = await inParallel(old, (session) => retagSession(table, session, keys));
    sessions += results.filter(Boolean).length;
  }
  for await (const page of itemsOf(table, 'phone')) {
    const old = page.filter(({ pk }) => isOldTag(keys.tags, tagIn(pk)));
    const results = await inParallel(old, ({ pk }) => deleteUnused(table, tagIn(pk), now));
    phones += results.filter(Boolean).length;
  }
  for await (const page of itemsOf(table, 'account', 'identity', 'phone', 'session')) {
    left += (await inParallel(page, (item) => isLeft(table, item, keys))).filter(Boolean).length;
  }
  return { accounts, moved, unreadable, sessions, phones, left };
}

async function moveOne(
  table: Table,
  usernameTag: string,
  keys: RetagKeys,
  entropy: Entropy,
): Promise<'moved' | 'unchanged' | 'unreadable'> {
  const store = createAccountStore(table);
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const item = await read(table, keyOf.account(usernameTag));
    const before = item && accountFrom(item, usernameTag);
    // An unfinished registration of before lapses, and the table deletes it.
    if (!before || before.status === 'provisional') return 'unchanged';
    if (!holdsOldTags(before, keys)) return 'unchanged';
    const after = await retagAccount(before, keys, entropy).catch(() => undefined);
    if (!after) return 'unreadable';
    if (await moveAccount(table, store, item, { before, after })) return 'moved';
  }
  // The next run tries again, and the check at the end counts the account.
  return 'unchanged';
}

/** @returns false if the session was ended meanwhile */
async function retagSession(
  { client, name }: Table,
  { pk, sk, usernameTag }: Attributes,
  { tags }: RetagKeys,
): Promise<boolean> {
  const from = usernameTag?.S ?? '';
  const write = new UpdateItemCommand({
    TableName: name,
    Key: { pk, sk } as Attributes,
    UpdateExpression: 'SET usernameTag = :to',
    ConditionExpression: 'usernameTag = :from',
    ExpressionAttributeValues: toAttributes({ ':from': from, ':to': newestTag(tags, from) }),
  });
  return conditionHolds(() => client.send(write));
}

/** Deletes the item of a phone under a former tag, unless an account has a slot on it. */
async function deleteUnused(table: Table, phoneTag: string, now: number): Promise<boolean> {
  const Key = keyOf.phone(phoneTag);
  const item = await read(table, Key);
  if (!item || !isUnused(item, now)) return false;
  const remove = new DeleteItemCommand({ TableName: table.name, Key, ...asRead(item, []) });
  return conditionHolds(() => table.client.send(remove));
}

function isUnused(item: Attributes, now: number): boolean {
  const slots = slotsOf(item);
  return Object.keys(slots).length === Object.keys(lapsedSlots(slots, now)).length;
}

/** Whether an item still stands under a former tag, or holds one. Unfinished registrations lapse by themselves. */
async function isLeft(table: Table, { pk, usernameTag }: Attributes, keys: RetagKeys) {
  const tag = tagIn(pk);
  switch (pk?.S?.split('#')[0]) {
    case 'session':
      return isOldTag(keys.tags, usernameTag?.S ?? '');
    case 'phone':
      return isOldTag(keys.tags, tag);
    case 'identity': {
      const item = await read(table, keyOf.identity(tag));
      if (!item || item['status']?.S === 'provisional') return false;
      return isOldTag(keys.identityTags, tag) || isOldTag(keys.tags, item['usernameTag']?.S ?? '');
    }
    default: {
      const item = await read(table, keyOf.account(tag));
      const account = item && accountFrom(item, tag);
      return account && account.status !== 'provisional' && holdsOldTags(account, keys);
    }
  }
}
