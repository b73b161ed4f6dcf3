import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Purse } from '#core/model/spending.ts';
import { toAttributes } from './attribute-values.ts';

export { type Attributes, fromAttributes, toAttributes } from './attribute-values.ts';

/** The one table, and the client to reach it. */
export interface Table {
  readonly client: DynamoDBClient;
  readonly name: string;
}

/**
 * Keys by kind of item. The roles in `lib/permissions.ts` are limited by the prefix of the partition key: a new kind
 * needs a right there.
 * The sort key repeats the kind, or tells apart the items of one partition: a ledger's windows, a scope's days, a
 * user's sessions, devices and events.
 */
export const keyOf = {
  challenge: (idHash: string) => key('challenge', idHash),
  account: (usernameTag: string) => key('account', usernameTag),
  identity: (identityTag: string) => key('identity', identityTag),
  phone: (phoneTag: string) => key('phone', phoneTag),
  breaker: (scope: string) => key('breaker', scope),
  ledger: (scope: string, tag: string, window: string) =>
    toAttributes({ pk: `ledger#${scope}#${tag}`, sk: window }),
  /**
   * One partition per user and kind, by user id: a username that passes to another person carries none of them along.
   */
  session: (userId: string, sessionId: string) =>
    toAttributes({ pk: `session#${userId}`, sk: sessionId }),
  device: (userId: string, deviceId: string) =>
    toAttributes({ pk: `device#${userId}`, sk: deviceId }),
  event: (userId: string, id: string) => toAttributes({ pk: `event#${userId}`, sk: id }),
  notice: (id: string) => key('notice', id),
  publicKey: (prover: string) => key('public-key', prover),
  /** The class comes first: a role may be limited to the purses of one class. */
  spending: ({ scope, phoneClass }: Purse, day: string) =>
    toAttributes({ pk: `spending#${phoneClass}#${scope}`, sk: day }),
};

const key = (kind: string, id: string) => toAttributes({ pk: `${kind}#${id}`, sk: kind });
