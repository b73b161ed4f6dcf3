import {
  ConditionalCheckFailedException,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { windowAt } from '#core/model/ledger.ts';
import type { LedgerStore } from '#core/ports/ledger-store.ts';
import {
  chargeWrite,
  countsFrom,
  ledgerItem,
  lostAnswerWrite,
  namedChargeWrite,
  namedReturnWrite,
  returnWrite,
} from './charge.ts';
import { conditionHolds, despiteContention } from './contention.ts';
import { type Attributes, fromAttributes, type Table, toAttributes } from './table.ts';

export const createLedgerStore = (table: Table): LedgerStore => ({
  async charge(charge, now) {
    try {
      const write = new UpdateItemCommand({
        ...chargeWrite(table, charge, now),
        ReturnValues: 'ALL_NEW',
      });
      const { Attributes } = await despiteContention(() => table.client.send(write));
      return { kind: 'charged', counts: countsFrom(Attributes, charge.ledger, now) };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { kind: 'refused', charge, counts: countsFrom(error.Item, charge.ledger, now) };
    }
  },

  async chargeOnce(charge, name, at) {
    try {
      const write = new UpdateItemCommand(namedChargeWrite(table, charge, name, at));
      await despiteContention(() => table.client.send(write));
      return { kind: 'charged' };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      if (isNamed(error.Item, name)) return { kind: 'charged' };
      return { kind: 'refused', charge, counts: countsFrom(error.Item, charge.ledger, at) };
    }
  },

  async returnNamed({ ledger }, name, at) {
    await writeIfMet(table, namedReturnWrite(table, ledger, name, at));
  },

  async returnUnit(charge, chargedAt) {
    if (charge.counts) await writeIfMet(table, returnWrite(table, charge, chargedAt));
  },

  async returnLostAnswer(charge, chargedAt, most) {
    if (charge.counts) await writeIfMet(table, lostAnswerWrite(table, charge, chargedAt, most));
  },

  async creditVerified(ledger, amount, startedAt) {
    const { target, ttl } = ledgerItem(table, ledger, startedAt);
    const write = new UpdateItemCommand({
      ...target,
      UpdateExpression: 'ADD unverified :less SET #ttl = :ttl',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: toAttributes({ ':less': -amount, ':ttl': ttl }),
    });
    await despiteContention(() => table.client.send(write));
  },

  async counts(ledger, now) {
    const { target } = ledgerItem(table, ledger, now);
    const read = new GetItemCommand({ ...target, ConsistentRead: true });
    return countsFrom((await table.client.send(read)).Item, ledger, now);
  },

  async recordFailure(ledger, now) {
    const { target, ttl } = ledgerItem(table, ledger, now);
    const write = new UpdateItemCommand({
      ...target,
      UpdateExpression: 'ADD failures :one SET #ttl = :ttl',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: toAttributes({ ':one': 1, ':ttl': ttl }),
    });
    await despiteContention(() => table.client.send(write));
  },

  async recordGuess(of, now) {
    const { target, ttl } = ledgerItem(table, { scope: 'guesses', tag: of }, now);
    const thisHour = `failures${windowAt('guesses', now).part}`;
    const write = new UpdateItemCommand({
      ...target,
      UpdateExpression: `ADD failures :one, ${thisHour} :one SET #ttl = :ttl`,
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: toAttributes({ ':one': 1, ':ttl': ttl }),
      ReturnValues: 'UPDATED_NEW',
    });
    const { Attributes } = await despiteContention(() => table.client.send(write));
    const counts = fromAttributes(Attributes) ?? {};
    return { thisHour: Number(counts[thisHour]), today: Number(counts['failures']) };
  },
});

/** A failed condition changes nothing, and is no error. */
async function writeIfMet({ client }: Table, input: UpdateItemCommandInput): Promise<void> {
  await conditionHolds(() => client.send(new UpdateItemCommand(input)));
}

/** Whether a unit with this name was charged to a ledger's item. */
function isNamed(item: Attributes | undefined, name: string): boolean {
  const { charged } = fromAttributes(item) ?? {};
  return charged instanceof Set && charged.has(name);
}
