import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

/** The one table, and the client to reach it. */
export interface Table {
  readonly client: DynamoDBClient;
  readonly name: string;
}

type Item = Record<string, unknown>;
export type Attributes = Record<string, AttributeValue>;

/** Attribute values of an item or of an expression; undefined attributes are left out. */
export const toAttributes = (item: Item): Attributes =>
  marshall(item, { removeUndefinedValues: true });

export const fromAttributes = (item: Attributes | undefined): Item | undefined =>
  item && unmarshall(item);

/**
 * Keys, by kind of item. The prefixes are what the roles in `lib/permissions.ts` are limited by: a new kind
 * needs a right there. The sort key leaves room for what will belong to an account (sessions, events).
 */
export const keyOf = {
  challenge: (idHash: string) => key('challenge', idHash),
  account: (usernameTag: string) => key('account', usernameTag),
  identity: (identityTag: string) => key('identity', identityTag),
  phone: (phoneTag: string) => key('phone', phoneTag),
  breaker: (scope: string) => key('breaker', scope),
  ledger: (scope: string, tag: string, window: string) =>
    toAttributes({ pk: `ledger#${scope}#${tag}`, sk: window }),
  /** What a user has many of, one partition each, so that a name that is given up takes none of it along. */
  session: (userId: string, sessionId: string) =>
    toAttributes({ pk: `session#${userId}`, sk: sessionId }),
  device: (userId: string, deviceId: string) =>
    toAttributes({ pk: `device#${userId}`, sk: deviceId }),
  event: (userId: string, id: string) => toAttributes({ pk: `event#${userId}`, sk: id }),
  notice: (id: string) => key('notice', id),
  spending: (scope: string, day: string) => toAttributes({ pk: `spending#${scope}`, sk: day }),
};

const key = (kind: string, id: string) => toAttributes({ pk: `${kind}#${id}`, sk: kind });
