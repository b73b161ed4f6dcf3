import {
  ConditionalCheckFailedException,
  GetItemCommand,
  type TransactWriteItem,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Records } from '#core/model/records.ts';
import type { Device, Session } from '#core/model/session.ts';
import { endedAs, type SessionEnd } from '#core/model/session-end.ts';
import type { TicketHold } from '#core/ports/account-store.ts';
import type {
  ClosedSession,
  FoundSession,
  LoginParts,
  SessionStore,
} from '#core/ports/session-store.ts';
import { spendTicketInTransaction } from './account-changes.ts';
import { newChallenge } from './challenge-store.ts';
import { chargeInTransaction, returnInTransaction } from './charge.ts';
import { conditionHolds, despiteContention, transactParts } from './contention.ts';
import { forgottenDevice, rememberedDevice } from './device-store.ts';
import { eraseAll, readAll } from './partition.ts';
import { recordsInTransaction } from './records.ts';
import { type Attributes, fromAttributes, keyOf, type Table, toAttributes } from './table.ts';
import { TICKET_MINE } from './ticket-writes.ts';

/** Seconds from the end of a session until TTL may delete it. Nothing can reopen it then. */
const keptSeconds = 86_400;

/** A session, or what an ended one left behind, is told apart by this attribute. */
const OPEN = 'attribute_exists(pk) AND attribute_not_exists(ended)';

/** A login opens no session if its device was forgotten meanwhile. */
const stillRemembered = ({ name }: Table, userId: string, deviceId: string) => ({
  ConditionCheck: {
    TableName: name,
    Key: keyOf.device(userId, deviceId),
    ConditionExpression: 'attribute_exists(pk)',
  },
});

export const createSessionStore = (table: Table): SessionStore => ({
  async create(session, records, login = {}) {
    const opening = openingParts(table, session, login);
    const refused = await writeTold(table, opening, records, login);
    if (!refused) return { kind: 'created' };
    if (refused.has('keyedLogin')) return { kind: 'exists' };
    return { kind: refused.has('loginOfTicket') ? 'refused' : 'lost' };
  },

  read: (userId, sessionId) => readSession(table, userId, sessionId),

  async find(userId, sessionId) {
    const found = await readSession(table, userId, sessionId);
    return found.kind === 'open' ? found.session : undefined;
  },

  async list(userId) {
    return (await readAll(table, 'session', userId))
      .map(sessionOf)
      .filter((found) => found !== undefined);
  },

  eraseAll: (userId, except) => eraseAll(table, 'session', userId, except),

  async countRefresh({ userId, sessionId }, { perMinute, perHour }, now) {
    const { minute, hour } = refreshCounters(now);
    const write = new UpdateItemCommand({
      TableName: table.name,
      Key: keyOf.session(userId, sessionId),
      UpdateExpression: `ADD ${minute} :one, ${hour} :one`,
      ConditionExpression: `${OPEN} AND ${roomIn(minute, ':perMinute')} AND ${roomIn(hour, ':perHour')}`,
      ExpressionAttributeValues: toAttributes({
        ':one': 1,
        ':perMinute': perMinute,
        ':perHour': perHour,
      }),
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      const { Attributes } = await despiteContention(() => table.client.send(write));
      const session = sessionOf(Attributes);
      if (!session) throw new Error('An updated item was not returned');
      const pastCounts = Object.keys(Attributes ?? {}).filter(
        (name) => isRefreshCount(name) && name !== minute && name !== hour,
      );
      return { kind: 'counted', session, pastCounts };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const session = sessionOf(error.Item);
      if (!session) return closedSession(error.Item);
      const thisHour = Number(fromAttributes(error.Item)?.[hour] ?? 0);
      const window = thisHour >= perHour ? 3600 : 60;
      return { kind: 'refused', session, until: (Math.floor(now / window) + 1) * window };
    }
  },

  async returnRefresh({ userId, sessionId }, countedAt) {
    const { minute, hour } = refreshCounters(countedAt);
    const write = new UpdateItemCommand({
      TableName: table.name,
      Key: keyOf.session(userId, sessionId),
      UpdateExpression: `ADD ${minute} :minusOne, ${hour} :minusOne`,
      ConditionExpression: `${minute} > :none AND ${hour} > :none`,
      ExpressionAttributeValues: toAttributes({ ':none': 0, ':minusOne': -1 }),
    });
    await conditionHolds(() => table.client.send(write));
  },

  async rotate({ userId, sessionId, generation }, now, usedFrom, pastCounts = []) {
    const write = new UpdateItemCommand({
      TableName: table.name,
      Key: keyOf.session(userId, sessionId),
      UpdateExpression: [
        'SET generation = :next, rotatedAt = :now, lastUsedAt = :now, usedFrom = :usedFrom',
        ...(pastCounts.length > 0 ? [`REMOVE ${pastCounts.join(', ')}`] : []),
      ].join(' '),
      ConditionExpression: 'generation = :read',
      ExpressionAttributeValues: toAttributes({
        ':next': generation + 1,
        ':read': generation,
        ':now': now,
        ':usedFrom': usedFrom,
      }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await despiteContention(() => table.client.send(write));
      return { kind: 'rotated' };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { kind: 'lost', session: sessionOf(error.Item) };
    }
  },

  async end(session, reason, records, parts = {}) {
    const { forgotten } = parts;
    const ending = {
      session: [endedSession(table, session, reason)],
      device: forgotten ? [forgottenDevice(table, session.userId, forgotten)] : [],
    };
    const refused = await writeTold(table, ending, records, parts);
    return { kind: refused?.has('session') ? 'gone' : 'ended' };
  },
});

/** Never creates an account: one that was closed meanwhile stays gone. */
const addUsername = (
  { name }: Table,
  { usernameTag, sealed }: NonNullable<LoginParts['username']>,
) => ({
  Update: {
    TableName: name,
    Key: keyOf.account(usernameTag),
    UpdateExpression: 'SET username = :username',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeValues: toAttributes({ ':username': sealed }),
  },
});

/**
 * Writes a change with its records. Where only the charge for the notices is refused, it writes the change without them.
 * @returns undefined on success; otherwise the names of the refused parts
 */
async function writeTold(
  table: Table,
  change: Readonly<Record<string, readonly TransactWriteItem[]>>,
  records: Partial<Records>,
  { noticeCharge: unit }: Pick<LoginParts, 'noticeCharge'>,
): Promise<ReadonlySet<string> | undefined> {
  const write = (written: Partial<Records>, charge: readonly TransactWriteItem[]) =>
    transactParts(table, {
      ...change,
      noticeCharge: charge,
      records: recordsInTransaction(table, written),
    });
  const refused = await write(
    records,
    unit ? [chargeInTransaction(table, unit.charge, unit.at)] : [],
  );
  const onlyNotices = refused?.has('noticeCharge') && refused.size === 1;
  return onlyNotices ? write({ ...records, notices: [] }, []) : refused;
}

/** The writes that open the session of a login. */
const openingParts = (table: Table, session: Session, login: LoginParts) => {
  const { device, ticket, returned, charged, spent, username } = login;
  const { userId, deviceId } = session;
  return {
    session: [{ Put: { TableName: table.name, Item: itemOf(session) } }],
    keyedLogin: spent ? [newChallenge(table, { ...spent, ...openedBy(session, device) })] : [],
    loginOfTicket: charged ? [chargeInTransaction(table, charged.charge, charged.at)] : [],
    ticket: ticket ? [completeLogin(table, ticket, openedBy(session, device))] : [],
    newDevice: device ? [rememberedDevice(table, device)] : [],
    knownDevice: device || deviceId === undefined ? [] : [stillRemembered(table, userId, deviceId)],
    returned: returned ? [returnInTransaction(table, returned)] : [],
    username: username ? [addUsername(table, username)] : [],
  };
};

const refreshCount = 'refreshes';

/**
 * Counters such as `refreshesM29931840` and `refreshesH498864`, for the minute and the hour of an instant. Each window has
 * its own name, so that no write has to reset a counter. A rotation removes those of past windows.
 */
const refreshCounters = (now: number) => ({
  minute: `${refreshCount}M${Math.floor(now / 60)}`,
  hour: `${refreshCount}H${Math.floor(now / 3600)}`,
});

const isRefreshCount = (attribute: string): boolean => attribute.startsWith(refreshCount);

const roomIn = (counter: string, limit: string) =>
  `(attribute_not_exists(${counter}) OR ${counter} < ${limit})`;

/** The session that a login opened, for a retry whose first answer was lost. */
const openedBy = ({ sessionId }: Session, device: Device | undefined) => ({
  sessionId,
  ...(device && { deviceExpiresAt: device.expiresAt }),
});

/** Spends the ticket of a login and records the session it opened. A parallel request fails. */
function completeLogin(table: Table, ticket: TicketHold, opened: ReturnType<typeof openedBy>) {
  const { Update } = spendTicketInTransaction(table, ticket, TICKET_MINE);
  const values = toAttributes(
    Object.fromEntries(Object.entries(opened).map(([name, value]) => [`:${name}`, value])),
  );
  const sets = Object.keys(opened).map((name) => `, ${name} = :${name}`);
  return {
    Update: {
      ...Update,
      UpdateExpression: Update.UpdateExpression + sets.join(''),
      ExpressionAttributeValues: { ...Update.ExpressionAttributeValues, ...values },
    },
  };
}

const itemOf = ({ userId, sessionId, ...session }: Session): Attributes => ({
  ...keyOf.session(userId, sessionId),
  ...toAttributes({ ...session, ttl: session.expiresAt + keptSeconds }),
});

/** Puts the reason in the place of a session. Nothing else of the session stays. */
const endedSession = (
  { name }: Table,
  session: Parameters<SessionStore['end']>[0],
  reason: SessionEnd,
) => ({
  Put: {
    TableName: name,
    Item: {
      ...keyOf.session(session.userId, session.sessionId),
      ...toAttributes({
        ...endedAttributes(reason, session),
        ttl: session.expiresAt + keptSeconds,
      }),
    },
    ConditionExpression: OPEN,
  },
});

function endedAttributes(reason: SessionEnd, session: Parameters<SessionStore['end']>[0]) {
  const { reason: ended, ...rest } = endedAs(reason, session);
  return { ended, ...rest };
}

async function readSession(
  { client, name }: Table,
  userId: string,
  sessionId: string,
): Promise<FoundSession> {
  const read = new GetItemCommand({
    TableName: name,
    Key: keyOf.session(userId, sessionId),
    ConsistentRead: true,
  });
  const { Item } = await client.send(read);
  const session = sessionOf(Item);
  return session ? { kind: 'open', session } : closedSession(Item);
}

function closedSession(attributes: Attributes | undefined): ClosedSession {
  const item = fromAttributes(attributes);
  if (!item) return { kind: 'gone' };
  const { ended, rotatedAt, ownDevice } = item;
  const session = { rotatedAt: Number(rotatedAt), ownDevice: ownDevice === true };
  return { kind: 'ended', ended: endedAs(ended as SessionEnd, session) };
}

/** @returns undefined if there is no session, or it has ended */
function sessionOf(attributes: Attributes | undefined): Session | undefined {
  const item = fromAttributes(attributes);
  if (!item || 'ended' in item) return undefined;
  const { pk, sk, ttl: _, ...stored } = item;
  const session = Object.fromEntries(
    Object.entries(stored).filter(([name]) => !isRefreshCount(name)),
  );
  const userId = String(pk).slice('session#'.length);
  return { ...session, userId, sessionId: String(sk) } as Session;
}
