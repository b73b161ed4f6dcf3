import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Device } from '#core/model/session.ts';
import type { DeviceStore } from '#core/ports/device-store.ts';
import { conditionHolds, despiteContention } from './contention.ts';
import { eraseAll, readAll } from './partition.ts';
import { type Attributes, fromAttributes, keyOf, type Table, toAttributes } from './table.ts';

/** The device is remembered and has not expired. The clause is needed because TTL deletes hours late. */
const KNOWN = 'expiresAt > :now';

const hour = 3600;
const day = 86_400;

/**
 * Devices, each with two counters of login attempts: one named after the UTC hour, one after the UTC day. A counter of
 * a past hour is ignored. One conditional write counts and checks, so a burst gets no more than its limit.
 */
export const createDeviceStore = (table: Table): DeviceStore => ({
  async countLogin({ userId, deviceId }, { perHour, perDay }, now) {
    const { thisHour, today } = countersAt(now);
    const room = [
      `(attribute_not_exists(${thisHour}) OR ${thisHour} < :perHour)`,
      `(attribute_not_exists(${today}) OR ${today} < :perDay)`,
    ];
    const write = new UpdateItemCommand({
      TableName: table.name,
      Key: keyOf.device(userId, deviceId),
      ReturnValues: 'ALL_NEW',
      UpdateExpression: `ADD ${thisHour} :one, ${today} :one`,
      ConditionExpression: [KNOWN, ...room].join(' AND '),
      ExpressionAttributeValues: toAttributes({
        ':one': 1,
        ':now': now,
        ':perHour': perHour,
        ':perDay': perDay,
      }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      const { Attributes } = await despiteContention(() => table.client.send(write));
      return { kind: 'known', device: deviceOf(Attributes ?? {}) };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const { [today]: tries = 0, expiresAt = 0 } = fromAttributes(error.Item) ?? {};
      if (Number(expiresAt) <= now) return { kind: 'unknown' };
      const window = Number(tries) >= perDay ? day : hour;
      return { kind: 'refused', until: (Math.floor(now / window) + 1) * window };
    }
  },

  async returnLogin({ userId, deviceId }, countedAt, lostAnswers) {
    const { thisHour, today } = countersAt(countedAt);
    const lost = `lost${today.slice(3)}`;
    const counted = `${thisHour} > :none AND ${today} > :none`;
    const few = ` AND (attribute_not_exists(${lost}) OR ${lost} < :most)`;
    const write = new UpdateItemCommand({
      TableName: table.name,
      Key: keyOf.device(userId, deviceId),
      ConditionExpression: lostAnswers ? counted + few : counted,
      UpdateExpression: `ADD ${thisHour} :minusOne, ${today} :minusOne${lostAnswers ? `, ${lost} :one` : ''}`,
      ExpressionAttributeValues: toAttributes({
        ':none': 0,
        ':minusOne': -1,
        ...(lostAnswers && { ':most': lostAnswers.most, ':one': 1 }),
      }),
    });
    await conditionHolds(() => table.client.send(write));
  },

  async list(userId) {
    return (await readAll(table, 'device', userId)).map(deviceOf);
  },

  forgetAll: (userId, except) => eraseAll(table, 'device', userId, except),
});

/** Stores a device in the transaction of the login that remembers it. */
export const rememberedDevice = ({ name }: Table, { userId, deviceId, ...device }: Device) => ({
  Put: {
    TableName: name,
    Item: {
      ...keyOf.device(userId, deviceId),
      ...toAttributes({ ...device, ttl: device.expiresAt + day }),
    },
  },
});

/** Deletes a device in the transaction that ends its session. */
export const forgottenDevice = ({ name }: Table, userId: string, deviceId: string) => ({
  Delete: { TableName: name, Key: keyOf.device(userId, deviceId) },
});

/**
 * Counters such as `day2026_11_23`, and one for the hour in it. Each has its own name, so that no write has to reset a
 * counter.
 */
function countersAt(now: number) {
  const [date, hourOfDay] = new Date(now * 1000).toISOString().split(/T|:/);
  const today = `day${date?.replaceAll('-', '_')}`;
  return { today, thisHour: `hour${today.slice(3)}_${hourOfDay}` };
}

function deviceOf(attributes: Attributes): Device {
  const { pk, sk, createdAt, expiresAt, label } = fromAttributes(attributes) ?? {};
  const userId = String(pk).slice('device#'.length);
  return {
    userId,
    deviceId: String(sk),
    label: String(label),
    createdAt: Number(createdAt),
    expiresAt: Number(expiresAt),
  };
}
