import { GetItemCommand, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Account } from '#core/model/account.ts';
import { slotsOf } from '../../lambdas/adapters/dynamodb/account-moves.ts';
import type { createAccountStore } from '../../lambdas/adapters/dynamodb/account-store.ts';
import { transact } from '../../lambdas/adapters/dynamodb/contention.ts';
import {
  type Attributes,
  keyOf,
  type Table,
  toAttributes,
} from '../../lambdas/adapters/dynamodb/table.ts';

type Store = ReturnType<typeof createAccountStore>;

/** The attributes that an account may lack. One that `Account` gets later does not compile until it stands here too. */
const optional: Readonly<Record<OptionalOf<Account> | 'stamp', true>> = {
  acceptedTerms: true,
  exceptSession: true,
  factorsChangedAt: true,
  firstTermsVersion: true,
  formerPhone: true,
  formerPhoneTag: true,
  formerUserIds: true,
  holder: true,
  newestReset: true,
  phoneHeldFrom: true,
  phoneHeldUntil: true,
  recoveryCodes: true,
  resetFrom: true,
  sessionsValidFrom: true,
  stamp: true,
  totp: true,
  userId: true,
  username: true,
};
/** A move is refused if one of these appeared since the account was read. */
const laterAttributes = Object.keys(optional);

type OptionalOf<Item> = {
  [Name in keyof Item]-?: undefined extends Item[Name] ? Name : never;
}[keyof Item];

/**
 * Moves an account, its national ID and its slots to their newer tags, in one transaction. Each write compares what was
 * read, so a change that a person makes meanwhile is never lost.
 * @param store of the same table
 * @param from the account's item as it was read
 * @returns whether nothing had changed
 */
export async function moveAccount(
  table: Table,
  store: Store,
  from: Attributes,
  { before, after }: { readonly before: Account; readonly after: Account },
): Promise<boolean> {
  const slots = await slotMoves(table, store, before, after);
  const identity = await identityMoves(table, before, after);
  if (!slots || !identity) return false;
  const refused = await transact(table, [
    ...itemMoves(table, from, before, after),
    ...identity,
    ...slots,
  ]);
  return refused === undefined;
}

/** The account's item under its new key. All of the old item's attributes are kept. */
function itemMoves(
  { name }: Table,
  from: Attributes,
  before: Account,
  after: Account,
): TransactWriteItem[] {
  const { usernameTag, recoveryCodes, ...changed } = after;
  const Item: Attributes = {
    ...from,
    ...toAttributes({ ...pick(changed, Object.keys(from)) }),
    ...(recoveryCodes?.length && { recoveryCodes: { SS: [...recoveryCodes] } }),
    ...keyOf.account(usernameTag),
  };
  const unchanged = asRead(from, laterAttributes);
  if (usernameTag === before.usernameTag) {
    return [{ Put: { TableName: name, Item, ...unchanged } }];
  }
  return [
    { Put: { TableName: name, Item, ConditionExpression: 'attribute_not_exists(pk)' } },
    { Delete: { TableName: name, Key: keyOf.account(before.usernameTag), ...unchanged } },
  ];
}

/** @returns undefined if the item of the national ID is not this account's */
async function identityMoves(
  table: Table,
  before: Account,
  after: Account,
): Promise<TransactWriteItem[] | undefined> {
  const Key = keyOf.identity(before.identityTag);
  const from = await read(table, Key);
  if (from?.['usernameTag']?.S !== before.usernameTag) return undefined;
  const Item = {
    ...from,
    ...keyOf.identity(after.identityTag),
    ...toAttributes({ usernameTag: after.usernameTag }),
  };
  const unchanged = asRead(from, []);
  if (after.identityTag === before.identityTag) {
    return [{ Put: { TableName: table.name, Item, ...unchanged } }];
  }
  return [
    { Put: { TableName: table.name, Item, ConditionExpression: 'attribute_not_exists(pk)' } },
    { Delete: { TableName: table.name, Key, ...unchanged } },
  ];
}

/**
 * The account's slots on its phone and on the phone before. The slot on the phone itself wins where both are one phone.
 * @returns undefined if the account has no slot on its phone
 */
async function slotMoves(
  table: Table,
  store: Store,
  before: Account,
  after: Account,
): Promise<TransactWriteItem[] | undefined> {
  const { holder } = before;
  if (holder === undefined) return undefined;
  const moves = new Map<string, { to: string; lapsesAt: number }>();
  const former = [before.formerPhoneTag, after.formerPhoneTag] as const;
  for (const [from, to] of [[before.phoneTag, after.phoneTag] as const, former]) {
    if (from === undefined || to === undefined || from === to || moves.has(from)) continue;
    const lapsesAt = slotsOf(await read(table, keyOf.phone(from)))[holder];
    if (lapsesAt !== undefined) moves.set(from, { to, lapsesAt });
  }
  if (before.phoneTag !== after.phoneTag && !moves.has(before.phoneTag)) return undefined;

  const taken = new Set(before.phoneTag === after.phoneTag ? [after.phoneTag] : []);
  const writes: TransactWriteItem[] = [];
  for (const [from, { to, lapsesAt }] of moves) {
    writes.push(
      slotWrite(table, from, 'REMOVE places.#holder', 'places.#holder = :at', holder, lapsesAt),
    );
    if (taken.has(to)) continue;
    taken.add(to);
    await store.openSlots(to);
    writes.push(
      slotWrite(
        table,
        to,
        'SET places.#holder = :at',
        'attribute_exists(places)',
        holder,
        lapsesAt,
      ),
    );
  }
  return writes;
}

function slotWrite(
  { name }: Table,
  phoneTag: string,
  UpdateExpression: string,
  ConditionExpression: string,
  holder: string,
  lapsesAt: number,
): TransactWriteItem {
  return {
    Update: {
      TableName: name,
      Key: keyOf.phone(phoneTag),
      UpdateExpression,
      ConditionExpression,
      ExpressionAttributeNames: { '#holder': holder },
      ExpressionAttributeValues: toAttributes({ ':at': lapsesAt }),
    },
  };
}

/** The condition that an item is as it was read. @param absent attributes that must not have appeared */
export function asRead(item: Attributes, absent: readonly string[]) {
  const present = Object.entries(item);
  const missing = absent.filter((name) => !(name in item));
  return {
    ConditionExpression: [
      ...present.map((_, i) => `#r${i} = :r${i}`),
      ...missing.map((_, i) => `attribute_not_exists(#m${i})`),
    ].join(' AND '),
    ExpressionAttributeNames: Object.fromEntries([
      ...present.map(([name], i) => [`#r${i}`, name]),
      ...missing.map((name, i) => [`#m${i}`, name]),
    ]),
    ExpressionAttributeValues: Object.fromEntries(present.map(([, value], i) => [`:r${i}`, value])),
  };
}

export async function read(
  { client, name }: Table,
  Key: Attributes,
): Promise<Attributes | undefined> {
  const found = await client.send(
    new GetItemCommand({ TableName: name, Key, ConsistentRead: true }),
  );
  return found.Item;
}

const pick = (from: object, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
