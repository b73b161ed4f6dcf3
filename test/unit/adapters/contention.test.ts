import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  InternalServerError,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '#core/model/problems.ts';
import {
  despiteContention,
  failed,
  transact,
} from '../../../lambdas/adapters/dynamodb/contention.ts';

const { sleep } = vi.hoisted(() => ({ sleep: vi.fn(async (_ms: number) => undefined) }));
vi.mock('node:timers/promises', () => ({ setTimeout: sleep }));

const details = { $metadata: {}, message: 'x' };
const canceled = (...codes: string[]) =>
  new TransactionCanceledException({
    ...details,
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

const contention: [string, Error][] = [
  ['another transaction at the item', new TransactionConflictException(details)],
  ['the same transaction still running', new TransactionInProgressException(details)],
  ['a transaction that met another', canceled('None', 'TransactionConflict')],
  ['a transaction that was throttled', canceled('ThrottlingError', 'None')],
  ['a transaction over the capacity', canceled('ProvisionedThroughputExceeded')],
  [
    'a conflict beside a false condition',
    canceled('ConditionalCheckFailed', 'TransactionConflict'),
  ],
];
const verdicts: [string, Error][] = [
  ['a false condition', new ConditionalCheckFailedException(details)],
  ['a transaction with a false condition', canceled('None', 'ConditionalCheckFailed')],
  ['a transaction without reasons', new TransactionCanceledException(details)],
  ['a transaction that is malformed', canceled('ValidationError')],
  ['a fault of DynamoDB, which the SDK has retried', new InternalServerError(details)],
  ['a lost connection', Object.assign(new Error('hang up'), { code: 'ECONNRESET' })],
];

beforeEach(() => {
  sleep.mockClear();
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('a write that loses to other writers', () => {
  it.each(contention)('is retried after %s', async (_what, error) => {
    const write = vi.fn<() => Promise<string>>().mockResolvedValue('won');
    write.mockRejectedValueOnce(error).mockRejectedValueOnce(error);
    expect(await despiteContention(write)).toBe('won');
    expect(write).toHaveBeenCalledTimes(3);
  });

  it.each(contention)('gives up as unavailable after six times %s', async (_what, error) => {
    const write = vi.fn<() => Promise<string>>().mockRejectedValue(error);
    const outcome = await despiteContention(write).catch((caught: unknown) => caught);
    expect(outcome).toBeInstanceOf(Problem);
    expect(outcome).toMatchObject({ code: 'unavailable', extras: { retryAfter: 1 } });
    expect(write).toHaveBeenCalledTimes(6);
  });

  it('pauses for random times that grow, about a second in all at most', async () => {
    const rounds = Array.from({ length: 200 }, async () => {
      const write = vi
        .fn<() => Promise<string>>()
        .mockRejectedValue(canceled('TransactionConflict'));
      await despiteContention(write).catch(() => undefined);
    });
    await Promise.all(rounds);
    const pauses = sleep.mock.calls.map(([ms]) => ms);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(640);
    expect(pauses.filter((ms) => ms > 320).length).toBeGreaterThan(0);
    expect(new Set(pauses).size).toBeGreaterThan(100);
    const total = pauses.reduce((sum, ms) => sum + ms, 0) / rounds.length;
    expect(total).toBeLessThan(1000);
  });
});

describe('a write whose condition was judged', () => {
  it.each(verdicts)('is not retried after %s', async (_what, error) => {
    const write = vi.fn<() => Promise<string>>().mockRejectedValue(error);
    await expect(despiteContention(write)).rejects.toBe(error);
    expect(write).toHaveBeenCalledTimes(1);
    expect(sleep).not.toHaveBeenCalled();
  });
});

describe('a transaction whose conditions may fail', () => {
  const dynamodb = mockClient(DynamoDBClient);
  const table = { client: new DynamoDBClient({ region: 'me-south-1' }), name: 'table' };
  const calls = () => dynamodb.commandCalls(TransactWriteItemsCommand);
  beforeEach(() => dynamodb.reset());

  it('has no reasons when it succeeds', async () => {
    dynamodb.on(TransactWriteItemsCommand).resolves({});
    expect(await transact(table, [])).toBeUndefined();
  });

  it('returns one reason per item, in order', async () => {
    dynamodb.on(TransactWriteItemsCommand).rejects(canceled('None', 'ConditionalCheckFailed'));
    const reasons = await transact(table, []);
    expect(reasons?.map(failed)).toEqual([false, true]);
  });

  it('is not refused by a failure of another kind', async () => {
    const error = new InternalServerError(details);
    dynamodb.on(TransactWriteItemsCommand).rejects(error);
    await expect(transact(table, [])).rejects.toBe(error);
    dynamodb.on(TransactWriteItemsCommand).rejects(canceled('TransactionConflict'));
    await expect(transact(table, [])).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('is one write across all retries: they share one token, and the next write has another', async () => {
    dynamodb
      .on(TransactWriteItemsCommand)
      .rejectsOnce(new TransactionInProgressException(details))
      .resolves({});
    await transact(table, []);
    await transact(table, []);
    const [first, second, other] = calls().map(({ args }) => args[0].input.ClientRequestToken);
    expect(first).toMatch(/^[\w-]{36}$/);
    expect(second).toBe(first);
    expect(other).not.toBe(first);
  });
});
