import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Account, AccountClaim, ClaimResult } from '#core/model/account.ts';
import type { AccountStore } from '#core/ports/account-store.ts';
import { accountChanges, spendTicketInTransaction } from './account-changes.ts';
import { accountMoves, slotsOf } from './account-moves.ts';
import { stampOf } from './account-stamp.ts';
import { accountUser } from './account-user.ts';
import { conditionHolds, despiteContention, failed, transact } from './contention.ts';
import { recordsInTransaction } from './records.ts';
import { secondFactorWrites } from './second-factor-writes.ts';
import { type Attributes, fromAttributes, keyOf, type Table, toAttributes } from './table.ts';

/**
 * A username is claimable if it is free, if this holder claimed it before, or if the claim has lapsed. The username of
 * an active account is never claimable.
 */
const CLAIMABLE =
  'attribute_not_exists(pk) OR (#status = :provisional AND (holder = :me OR lapsesAt <= :now))';
/**
 * This holder already has its slot, or the phone has a free one. `sms-sender` created the map when it sent the code.
 */
const HAS_SLOT = 'attribute_exists(places.#holder) OR size(places) < :maximum';
const CLAIMED_BY_ME = 'holder = :me';

/** Seconds from the lapse of a provisional claim until TTL may delete it. */
const keptSeconds = 3600;

export const createAccountStore = (table: Table): AccountStore => ({
  ...accountChanges(table),
  ...accountMoves(table),
  ...accountUser(table),
  ...secondFactorWrites(table),

  async find(usernameTag) {
    const read = new GetItemCommand({
      TableName: table.name,
      Key: keyOf.account(usernameTag),
      ConsistentRead: true,
    });
    const { Item } = await table.client.send(read);
    return Item && accountFrom(Item, usernameTag);
  },

  async usernameTagOf(identityTag) {
    const read = new GetItemCommand({
      TableName: table.name,
      Key: keyOf.identity(identityTag),
      ConsistentRead: true,
    });
    const { Item } = await table.client.send(read);
    return Item?.['usernameTag']?.S;
  },

  async claim(claim, now) {
    const reasons = await transact(table, [
      { Put: claimOf(table, 'account', claim, now) },
      { Put: claimOf(table, 'identity', claim, now) },
      { Update: takeSlot(table, claim) },
      ...claim.elsewhere.usernameTags.map((tag) => isFree(table, keyOf.account(tag), claim, now)),
      ...claim.elsewhere.identityTags.map((tag) => isFree(table, keyOf.identity(tag), claim, now)),
    ]);
    if (!reasons) return { kind: 'claimed' };
    return refusal(reasons, claim);
  },

  async activate({ account, holder }, { usedBy, userId }, records) {
    const mine = {
      TableName: table.name,
      ConditionExpression: CLAIMED_BY_ME,
      ExpressionAttributeNames: { '#status': 'status', '#ttl': 'ttl' },
    };
    const active = { ':active': 'active', ':me': holder };
    const reasons = await transact(table, [
      {
        Update: {
          ...mine,
          Key: keyOf.account(account.usernameTag),
          UpdateExpression:
            'SET #status = :active, userId = :userId, stamp = :stamp REMOVE lapsesAt, #ttl',
          ExpressionAttributeValues: toAttributes({
            ...active,
            ':userId': userId,
            ':stamp': stampOf({ status: 'active', userId }),
          }),
        },
      },
      {
        Update: {
          ...mine,
          Key: keyOf.identity(account.identityTag),
          UpdateExpression: 'SET #status = :active REMOVE lapsesAt, #ttl',
          ExpressionAttributeValues: toAttributes(active),
        },
      },
      {
        Update: {
          TableName: table.name,
          Key: keyOf.phone(account.phoneTag),
          UpdateExpression: 'SET places.#holder = :forEver',
          ConditionExpression: 'attribute_exists(places.#holder)',
          ExpressionAttributeNames: { '#holder': holder },
          ExpressionAttributeValues: toAttributes({ ':forEver': 0 }),
        },
      },
      spendTicketInTransaction(table, { idHash: holder, usedBy }),
      ...recordsInTransaction(table, records),
    ]);
    return { kind: reasons ? 'lost' : 'activated' };
  },

  async openSlots(phoneTag) {
    const write = new UpdateItemCommand({
      TableName: table.name,
      Key: keyOf.phone(phoneTag),
      ReturnValues: 'ALL_NEW',
      UpdateExpression: 'SET places = if_not_exists(places, :none)',
      ExpressionAttributeValues: { ':none': { M: {} } },
    });
    const { Attributes } = await despiteContention(() => table.client.send(write));
    return slotsOf(Attributes);
  },

  async pruneSlots(phoneTag, lapsed) {
    const entries = Object.entries(lapsed);
    const write = new UpdateItemCommand({
      TableName: table.name,
      Key: keyOf.phone(phoneTag),
      UpdateExpression: `REMOVE ${entries.map((_, i) => `places.#a${i}`).join(', ')}`,
      ConditionExpression: entries.map((_, i) => `places.#a${i} = :a${i}`).join(' AND '),
      ExpressionAttributeNames: Object.fromEntries(entries.map(([tag], i) => [`#a${i}`, tag])),
      ExpressionAttributeValues: toAttributes(
        Object.fromEntries(entries.map(([, lapsesAt], i) => [`:a${i}`, lapsesAt])),
      ),
    });
    // If a registration resumed one of these slots meanwhile, nothing is removed. The next try sees what is left.
    await conditionHolds(() => table.client.send(write));
  },
});

/** Reads an account's item. */
export function accountFrom(item: Attributes, usernameTag: string): Account {
  const read = fromAttributes(item);
  // A DynamoDB set, so that one code is removed by its value.
  const codes = read?.['recoveryCodes'];
  const recoveryCodes = codes instanceof Set && { recoveryCodes: [...codes] };
  return { ...read, ...recoveryCodes, usernameTag } as unknown as Account;
}

function claimOf(
  table: Table,
  kind: 'account' | 'identity',
  { account, holder, lapsesAt }: AccountClaim,
  now: number,
) {
  const { usernameTag, identityTag, ...rest } = account;
  const [key, content] =
    kind === 'account'
      ? [keyOf.account(usernameTag), { ...rest, identityTag }]
      : [keyOf.identity(identityTag), { usernameTag }];
  const claim = { status: 'provisional', holder, lapsesAt, ttl: lapsesAt + keptSeconds };
  return {
    TableName: table.name,
    Item: { ...key, ...toAttributes({ ...content, ...claim }) },
    ...claimable(holder, now),
  };
}

const claimable = (holder: string, now: number) => ({
  ConditionExpression: CLAIMABLE,
  ExpressionAttributeNames: { '#status': 'status' },
  ExpressionAttributeValues: toAttributes({
    ':provisional': 'provisional',
    ':me': holder,
    ':now': now,
  }),
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
});

/** A name or an ID that is claimed under its tag of another level is not claimed once more. */
const isFree = ({ name }: Table, Key: Attributes, { holder }: AccountClaim, now: number) => ({
  ConditionCheck: { TableName: name, Key, ...claimable(holder, now) },
});

function takeSlot(table: Table, { account, holder, lapsesAt, accountsPerPhone }: AccountClaim) {
  return {
    TableName: table.name,
    Key: keyOf.phone(account.phoneTag),
    UpdateExpression: 'SET places.#holder = :lapsesAt',
    ConditionExpression: HAS_SLOT,
    ExpressionAttributeNames: { '#holder': holder },
    ExpressionAttributeValues: toAttributes({
      ':lapsesAt': lapsesAt,
      ':maximum': accountsPerPhone,
    }),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
}

type Reasons = NonNullable<Awaited<ReturnType<typeof transact>>>;

/**
 * A full phone is reported first: its tickets must not tell which usernames and national IDs have accounts. Only the account
 * that this very claim opened comes before it.
 */
function refusal([account, , phone, ...elsewhere]: Reasons, claim: AccountClaim): ClaimResult {
  const standing = failed(account) ? fromAttributes(account?.Item) : undefined;
  const done = standing?.['status'] === 'active' && standing['holder'] === claim.holder;
  if (done) return { kind: 'already-active' };
  if (failed(phone)) return { kind: 'phone-full', slots: slotsOf(phone?.Item) };
  const otherNames = elsewhere.slice(0, claim.elsewhere.usernameTags.length);
  const isTaken = [account, ...otherNames].some(failed);
  return { kind: isTaken ? 'username-taken' : 'identity-registered' };
}
