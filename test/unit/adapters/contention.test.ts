import {
  ConditionalCheckFailedException,
  InternalServerError,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  despiteContention,
  failed,
  unlessRefused,
} from '../../../lambdas/adapters/dynamodb/contention.ts';
import { Problem } from '../../../lambdas/core/problems.ts';

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
  it.each(contention)('is tried again after %s', async (_what, error) => {
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

  it('pauses at random, longer each time, and no more than about a second in all', async () => {
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

describe('a write that was judged', () => {
  it.each(verdicts)('is not tried again after %s', async (_what, error) => {
    const write = vi.fn<() => Promise<string>>().mockRejectedValue(error);
    await expect(despiteContention(write)).rejects.toBe(error);
    expect(write).toHaveBeenCalledTimes(1);
    expect(sleep).not.toHaveBeenCalled();
  });
});

describe('a transaction whose conditions may fail', () => {
  it('has no reasons where it went through', async () => {
    expect(await unlessRefused(async () => 'done')).toBeUndefined();
  });

  it('comes back with a reason per item, in order', async () => {
    const reasons = await unlessRefused(async () => {
      throw canceled('None', 'ConditionalCheckFailed');
    });
    expect(reasons?.map(failed)).toEqual([false, true]);
  });

  it('is not refused by a failure of another kind', async () => {
    const error = new InternalServerError(details);
    await expect(unlessRefused(() => Promise.reject(error))).rejects.toBe(error);
    await expect(
      unlessRefused(() => Promise.reject(canceled('TransactionConflict'))),
    ).rejects.toMatchObject({ code: 'unavailable' });
  });
});
