import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Device } from '#core/model/session.ts';
import type { DeviceStore } from '#core/ports/device-store.ts';
import { despiteContention } from './contention.ts';
import { eraseAll, readAll } from './partition.ts';
import { type Attributes, fromAttributes, keyOf, type Table, toAttributes } from './table.ts';

/** Remembered, and not for too long: TTL deletes hours late. */
const KNOWN = 'expiresAt > :now';

const hour = 3600;
const day = 86_400;

/**
 * Devices with two counters of tries each, of the hour and of the day of UTC that they are named after: a counter of
 * an hour that is over is none. One conditional write counts and checks, so no burst gets more.
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

  async list(userId) {
    return (await readAll(table, 'device', userId)).map(deviceOf);
  },

  forgetAll: (userId, except) => eraseAll(table, 'device', userId, except),
});

/** A device as a part of the transaction of the login that it is remembered with. */
export const rememberedDevice = ({ name }: Table, { userId, deviceId, ...device }: Device) => ({
  Put: {
    TableName: name,
    Item: {
      ...keyOf.device(userId, deviceId),
      ...toAttributes({ ...device, ttl: device.expiresAt + day }),
    },
  },
});

/** A device taken out in the transaction of the session that its owner ends. */
export const forgottenDevice = ({ name }: Table, userId: string, deviceId: string) => ({
  Delete: { TableName: name, Key: keyOf.device(userId, deviceId) },
});

/** `day2026_11_23`, and the hour in it: a name of its own each, so that no write has to reset one. */
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
