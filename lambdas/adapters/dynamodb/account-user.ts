import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { AccountStore } from '#core/ports/account-store.ts';
import { stampOf } from './account-stamp.ts';
import { despiteContention } from './contention.ts';
import { type Attributes, fromAttributes, keyOf, type Table, toAttributes } from './table.ts';

/** After an account is closed, another person may take its username, with another national ID or another user. */
const SAME_PERSON =
  '(#status = :active OR #status = :closing) AND identityTag = :identityTag AND userId = :former';

/** Binds an account to its user in the directory. */
export const accountUser = ({ client, name }: Table): Pick<AccountStore, 'bindUser'> => ({
  async bindUser(account, userId) {
    const { usernameTag, identityTag, userId: former } = account;
    const changes = former !== userId;
    const kept = 'formerUserIds = list_append(if_not_exists(formerUserIds, :none), :kept)';
    const write = new UpdateItemCommand({
      TableName: name,
      Key: keyOf.account(usernameTag),
      UpdateExpression: `SET #status = :active, userId = :userId, stamp = :stamp${changes ? `, ${kept}` : ''}`,
      ConditionExpression: SAME_PERSON,
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: toAttributes({
        ':active': 'active',
        ':closing': 'closing',
        ':userId': userId,
        ':stamp': stampOf({ ...account, status: 'active', userId }),
        ':identityTag': identityTag,
        ':former': former,
        ...(changes && { ':none': [], ':kept': [former] }),
      }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await despiteContention(() => client.send(write));
      return { kind: 'bound' };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { kind: isDone(error.Item, userId, former) ? 'bound' : 'gone' };
    }
  },
});

/**
 * Whether a parallel request already bound the user. A later owner of the username may have the same user, but never
 * had the former one.
 */
function isDone(item: Attributes | undefined, userId: string, former: string | undefined): boolean {
  const { status, userId: has, formerUserIds } = fromAttributes(item) ?? {};
  const had = Array.isArray(formerUserIds) && formerUserIds.includes(former);
  return status === 'active' && has === userId && had;
}
