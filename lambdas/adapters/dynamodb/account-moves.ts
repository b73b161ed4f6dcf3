import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Account, PhoneHold } from '#core/model/account.ts';
import type { PhoneSlots } from '#core/model/phone-slots.ts';
import type { AccountStore, TicketHold } from '#core/ports/account-store.ts';
import { ACTIVE_ON_THIS_PHONE, spendTicketInTransaction } from './account-changes.ts';
import { AS_READ, stampOf } from './account-stamp.ts';
import { despiteContention, failed, transact } from './contention.ts';
import { recordsInTransaction } from './records.ts';
import { type Attributes, fromAttributes, keyOf, type Table, toAttributes } from './table.ts';
import { TICKET_MINE } from './ticket-writes.ts';

const NOT_HELD = '(attribute_not_exists(phoneHeldUntil) OR phoneHeldUntil <= :now)';
/**
 * The phone has a free slot, or still keeps this account's. `sms-sender` created the map when it sent the code.
 */
const HAS_ROOM = '(attribute_exists(places.#holder) OR size(places) < :maximum)';
/** The hold is the one that was read, and is in force. */
const SAME_HOLD =
  'formerPhoneTag = :formerTag AND phoneHeldUntil = :heldUntil AND phoneHeldUntil > :now';

/** Moves an account to another phone, or closes it: in both cases the account leaves its phone. */
export const accountMoves = (
  table: Table,
): Pick<AccountStore, 'movePhone' | 'restorePhone' | 'beginClosing' | 'close'> => ({
  async movePhone(of, { accountsPerPhone, hold, phone, phoneTag }, records, ticket) {
    const same = sameAccount(table, of);
    const reasons = await transact(table, [
      {
        Update: {
          ...same,
          ConditionExpression: `${same.ConditionExpression} AND ${AS_READ}`,
          UpdateExpression: hold
            ? 'SET phone = :phone, phoneTag = :newTag, phoneHeldFrom = :heldFrom, phoneHeldUntil = :heldUntil, formerPhone = :former, formerPhoneTag = :formerTag'
            : 'SET phone = :phone, phoneTag = :newTag REMOVE phoneHeldFrom, phoneHeldUntil, formerPhone, formerPhoneTag',
          ExpressionAttributeValues: toAttributes({
            ...sameValues(of, 'active'),
            ':stampAsRead': stampOf(of),
            ':phone': phone,
            ':newTag': phoneTag,
            ':heldFrom': hold?.phoneHeldFrom,
            ':heldUntil': hold?.phoneHeldUntil,
            ':former': hold?.formerPhone,
            ':formerTag': hold?.formerPhoneTag,
          }),
        },
      },
      {
        Update: {
          TableName: table.name,
          Key: keyOf.phone(phoneTag),
          UpdateExpression: 'SET places.#holder = :forEver',
          ConditionExpression: HAS_ROOM,
          ExpressionAttributeNames: { '#holder': holderOf(of) },
          ExpressionAttributeValues: toAttributes({ ':forEver': 0, ':maximum': accountsPerPhone }),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      ...leavePhone(table, of, phoneTag, hold),
      spendTicketInTransaction(table, ticket),
      ...recordsInTransaction(table, records),
    ]);
    if (!reasons) return { kind: 'moved' };
    const [account, slot] = reasons;
    if (failed(account)) return { kind: 'gone' };
    if (failed(slot)) return { kind: 'phone-full', slots: slotsOf(slot?.Item) };
    return { kind: 'lost' };
  },

  async restorePhone(of, { now, sessionsValidFrom, dropsFactors }, records, ticket) {
    const { formerPhone, formerPhoneTag, phoneHeldUntil, factorsChangedAt } = of;
    const same = sameAccount(table, of);
    // Otherwise an app that a thief adds meanwhile would stay.
    const factorsUnchanged =
      factorsChangedAt === undefined
        ? 'attribute_not_exists(factorsChangedAt)'
        : 'factorsChangedAt = :factorsChangedAtAsRead';
    const set = [
      'phone = :former',
      'phoneTag = :formerTag',
      'sessionsValidFrom = :validFrom',
      'stamp = :stamp',
    ];
    const gone = ['phoneHeldFrom', 'formerPhone', 'formerPhoneTag', 'exceptSession', 'resetFrom'];
    if (dropsFactors) {
      set.push('factorsChangedAt = :now');
      gone.push('totp', 'recoveryCodes');
    }
    const reasons = await transact(table, [
      {
        Update: {
          ...same,
          ConditionExpression: `${same.ConditionExpression} AND ${SAME_HOLD} AND ${factorsUnchanged}`,
          UpdateExpression: `SET ${set.join(', ')} REMOVE ${gone.join(', ')}`,
          ExpressionAttributeValues: toAttributes({
            ...sameValues(of, 'active'),
            ':former': formerPhone,
            ':formerTag': formerPhoneTag,
            ':heldUntil': phoneHeldUntil,
            ':factorsChangedAtAsRead': factorsChangedAt,
            ':validFrom': sessionsValidFrom,
            ':stamp': stampOf({
              status: 'active',
              sessionsValidFrom,
              ...(of.userId !== undefined && { userId: of.userId }),
            }),
            ':now': now,
          }),
        },
      },
      markRestored(table, ticket, phoneHeldUntil),
      // An account that moved back by itself has only the one slot.
      ...(formerPhoneTag === of.phoneTag
        ? []
        : [keepSlot(table, of, formerPhoneTag, 0), freeSlot(table, of)]),
      ...recordsInTransaction(table, records),
    ]);
    if (!reasons) return { kind: 'restored' };
    return { kind: failed(reasons[0]) ? 'gone' : 'lost' };
  },

  async beginClosing(of, now) {
    const same = sameAccount(table, of);
    const write = new UpdateItemCommand({
      ...same,
      UpdateExpression: 'SET #status = :closing, stamp = :stamp',
      ConditionExpression: `${same.ConditionExpression} AND ${NOT_HELD} AND ${AS_READ}`,
      ExpressionAttributeValues: toAttributes({
        ...sameValues(of, 'active'),
        ':closing': 'closing',
        ':stamp': stampOf({ ...of, status: 'closing' }),
        ':now': now,
        ':stampAsRead': stampOf(of),
      }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await despiteContention(() => table.client.send(write));
      return { kind: 'closing' };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const standing = fromAttributes(error.Item);
      const twin = standing?.['status'] === 'closing' && standing['userId'] === of.userId;
      return { kind: twin ? 'closing' : 'gone' };
    }
  },

  async close(of, sessionId, records, ticket) {
    const reasons = await transact(table, [
      {
        Delete: {
          ...sameAccount(table, of),
          ExpressionAttributeValues: toAttributes(sameValues(of, 'closing')),
        },
      },
      { Delete: { TableName: table.name, Key: keyOf.identity(of.identityTag) } },
      { Delete: { TableName: table.name, Key: keyOf.session(of.userId ?? '', sessionId) } },
      freeSlot(table, of),
      spendTicketInTransaction(table, ticket),
      ...recordsInTransaction(table, records),
    ]);
    if (!reasons) return { kind: 'closed' };
    return { kind: failed(reasons[0]) ? 'gone' : 'lost' };
  },
});

/** The account is still on the phone it was read with, so the slot that is freed is its own. */
const sameAccount = ({ name }: Table, { usernameTag }: Account) => ({
  TableName: name,
  Key: keyOf.account(usernameTag),
  ConditionExpression: ACTIVE_ON_THIS_PHONE,
  ExpressionAttributeNames: { '#status': 'status' },
});

/** @param status the status that the condition requires, as `:active` */
const sameValues = ({ userId, phoneTag }: Account, status: Account['status']) => ({
  ':active': status,
  ':userId': userId,
  ':phoneTag': phoneTag,
});

/**
 * The slots that an account has besides the one on its new phone. While the new phone is held, the former phone keeps a
 * slot for the account's return: it lapses with the hold, as that of an unfinished registration does.
 * @param newTag tag of the new phone, whose slot is another write
 */
function leavePhone(table: Table, of: Account, newTag: string, hold: PhoneHold | undefined) {
  if (hold?.formerPhoneTag === of.phoneTag) {
    return [keepSlot(table, of, of.phoneTag, hold.phoneHeldUntil)];
  }
  const reserved = hold && hold.formerPhoneTag !== newTag;
  return [
    freeSlot(table, of),
    ...(reserved ? [keepSlot(table, of, hold.formerPhoneTag, hold.phoneHeldUntil)] : []),
  ];
}

/** @param lapsesAt epoch seconds; 0 for never */
const keepSlot = ({ name }: Table, of: Account, phoneTag: string, lapsesAt: number) => ({
  Update: {
    TableName: name,
    Key: keyOf.phone(phoneTag),
    UpdateExpression: 'SET places.#holder = :lapsesAt',
    ExpressionAttributeNames: { '#holder': holderOf(of) },
    ExpressionAttributeValues: toAttributes({ ':lapsesAt': lapsesAt }),
  },
});

/** Spends the ticket of a reset that undoes a change of phone. A repetition of the request reads what it did. */
const markRestored = ({ name }: Table, { idHash, usedBy }: TicketHold, restoredUntil: number) => ({
  Update: {
    TableName: name,
    Key: keyOf.challenge(idHash),
    UpdateExpression: 'SET #status = :spent, restoredUntil = :until',
    ConditionExpression: TICKET_MINE,
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: toAttributes({
      ':spent': 'spent',
      ':until': restoredUntil,
      ':inUse': 'in-use',
      ':me': usedBy,
    }),
  },
});

/** An active account always has its slot. Without the condition, an unknown phone would get an item. */
const freeSlot = ({ name }: Table, of: Account) => ({
  Update: {
    TableName: name,
    Key: keyOf.phone(of.phoneTag),
    UpdateExpression: 'REMOVE places.#holder',
    ConditionExpression: 'attribute_exists(places.#holder)',
    ExpressionAttributeNames: { '#holder': holderOf(of) },
  },
});

function holderOf({ holder }: Account): string {
  if (holder === undefined) throw new Error('An active account has no slot');
  return holder;
}

export function slotsOf(item: Attributes | undefined): PhoneSlots {
  return (fromAttributes(item)?.['places'] ?? {}) as PhoneSlots;
}
