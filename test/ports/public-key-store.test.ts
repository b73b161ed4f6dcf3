import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { PublicKey } from '#core/model/proof.ts';
import type { PublicKeyStore } from '#core/ports/public-key-store.ts';
import type { Clock } from '#core/system.ts';
import { createPublicKeyStore } from '../../lambdas/adapters/dynamodb/public-key-store.ts';
import { now } from '../support/fakes/builders.ts';
import { type FakeClock, fakeClock } from '../support/fakes/clock.ts';
import { fakePublicKeys } from '../support/fakes/keys.ts';
import { hasDynamoDb, newTable, thatRunHere } from '../support/world/table.ts';

/** Opens the store of one more function. All functions see the same published keys. */
type OpenFunction = (clock: Clock) => PublicKeyStore;

const implementations = thatRunHere<OpenFunction>([
  [
    'the fake',
    async () => {
      const published: PublicKey[] = [];
      return (clock) => fakePublicKeys(published, clock);
    },
  ],
  [
    'DynamoDB',
    async () => {
      const table = await newTable();
      return (clock) => createPublicKeyStore(table, clock);
    },
  ],
]);

const first: PublicKey = { version: 1, publicKey: 'a'.repeat(43), from: 0 };
const second: PublicKey = { version: 2, publicKey: 'b'.repeat(43), from: now + 3600 };
const other = { ...first, publicKey: 'c'.repeat(43) };

describe.each(implementations)('the public keys of a prover in %s', (_, open) => {
  let openFunction: OpenFunction;
  let clock: FakeClock;
  let prover: PublicKeyStore;
  let reader: PublicKeyStore;
  beforeEach(async () => {
    openFunction = await open();
    clock = fakeClock();
    prover = openFunction(clock);
    reader = openFunction(clock);
  });

  const publish = (key: PublicKey, by = prover) => by.publish('verification', key);
  const find = (by = reader) => by.find('verification');
  /** What the table holds: a function that has just started remembers nothing. */
  const published = () => find(openFunction(clock));

  it('are found by every function, ascending by version', async () => {
    await publish({ ...second, version: 10 });
    await publish(second);
    await publish(first);
    expect(await find()).toEqual([first, second, { ...second, version: 10 }]);
  });

  it('are published once: a repetition and a parallel function change nothing', async () => {
    const functions = [prover, reader, openFunction(clock)];
    await Promise.all(functions.map((by) => publish(first, by)));
    await publish(first);
    expect(await published()).toEqual([first]);
  });

  it('are never replaced: another key of a published version is refused with an error', async () => {
    await publish(first);
    await expect(publish(other)).rejects.toThrow('published with another key');
    await expect(publish(other, reader)).rejects.toThrow('published with another key');
    expect(await published()).toEqual([first]);
    await publish(second);
    expect(await published()).toEqual([first, second]);
  });

  it('begin when the prover last said so: an operator may have moved the instant', async () => {
    await publish(second);
    await publish({ ...second, from: now + 7200 });
    expect(await published()).toEqual([{ ...second, from: now + 7200 }]);
  });

  it('are those of one of two functions that publish different keys at once', async () => {
    const results = await Promise.allSettled([publish(first), publish(other, reader)]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const [{ status }] = results;
    expect(await published()).toEqual([status === 'fulfilled' ? first : other]);
  });

  it('are found as soon as they are published, although none was found before', async () => {
    expect(await find()).toEqual([]);
    await publish(first);
    expect(await find()).toEqual([first]);
  });

  it('are remembered for ten minutes once they were found, and no request waits for the next reading', async () => {
    await publish(first);
    expect(await find()).toEqual([first]);
    await publish(second);
    clock.advance(599);
    expect(await find()).toEqual([first]);
    clock.advance(1);
    expect(await find()).toEqual([first]);
    await vi.waitFor(async () => expect(await find()).toEqual([first, second]));
  });

  it('are waited for after a function was frozen: it may not know that a key was replaced', async () => {
    await publish(first);
    expect(await find()).toEqual([first]);
    await publish(second);
    clock.advance(900);
    expect(await find()).toEqual([first, second]);
  });

  it('are read again for a version that is unknown, once a minute: a stranger may have made it up', async () => {
    const look = (version: number) => reader.find('verification', version);
    await publish(first);
    expect(await look(1)).toEqual([first]);
    await publish(second);
    expect(await look(2)).toEqual([first, second]);
    const third = { ...second, version: 3 };
    await publish(third);
    clock.advance(59);
    expect(await look(3)).toEqual([first, second]);
    expect(await look(1)).toEqual([first, second]);
    clock.advance(1);
    expect(await look(3)).toEqual([first, second, third]);
  });

  it('are gone once they are withdrawn, and the newer ones stay', async () => {
    const third = { ...second, version: 3 };
    for (const key of [first, second, third]) await publish(key);
    await prover.withdraw('verification', 3);
    expect(await published()).toEqual([third]);
    await prover.withdraw('verification', 3);
    await prover.withdraw('verification', 1);
    expect(await published()).toEqual([third]);
  });
});

describe.runIf(hasDynamoDb)('the reads of public keys in DynamoDB', () => {
  it('are one for parallel requests, and one that failed is repeated by the next request', async () => {
    const table = await newTable();
    const store = createPublicKeyStore(table, fakeClock());
    await store.publish('verification', first);
    const reads = vi.spyOn(table.client, 'send').mockRejectedValueOnce(new Error('down') as never);
    const find = () => store.find('verification');
    await expect(Promise.all([find(), find()])).rejects.toThrow('down');
    expect(await Promise.all([find(), find(), find()])).toEqual([[first], [first], [first]]);
    expect(reads).toHaveBeenCalledTimes(2);
  });

  it('is one for parallel tickets of an unknown version, and a failed one keeps the known keys', async () => {
    const table = await newTable();
    const clock = fakeClock();
    const store = createPublicKeyStore(table, clock);
    await store.publish('verification', first);
    await store.find('verification');
    await store.publish('verification', second);
    clock.advance(60);
    const reads = vi.spyOn(table.client, 'send').mockRejectedValueOnce(new Error('down') as never);
    const look = () => store.find('verification', 2);
    expect(await Promise.all([look(), look()])).toEqual([[first], [first]]);
    clock.advance(60);
    const both = [first, second];
    expect(await Promise.all([look(), look(), look()])).toEqual([both, both, both]);
    expect(reads).toHaveBeenCalledTimes(2);
  });
});
