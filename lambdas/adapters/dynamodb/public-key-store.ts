import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Prover, PublicKey } from '#core/model/proof.ts';
import type { PublicKeyStore } from '#core/ports/public-key-store.ts';
import type { Clock } from '#core/system.ts';
import { conditionHolds } from './contention.ts';
import { fromAttributes, keyOf, type Table, toAttributes } from './table.ts';

/** Seconds after which a function reads again, while no request waits. */
const rereadSeconds = 600;
/** Seconds after which a request waits for that: the sandbox was frozen, and may not know that a key was replaced. */
const staleSeconds = 900;
/** Seconds between two readings for versions that are unknown: strangers choose the versions they send. */
const unknownSeconds = 60;

/**
 * One item per prover, with one attribute per key version: `v1`, `v2`. Only the prover's role may write it, so a reader
 * trusts it as it trusts IAM. It is read once, and again every ten minutes. Only the first request after a sandbox was frozen for
 * longer waits for that, and a ticket of a version that is unknown waits for one more reading, at most once a minute: on a quiet night, a prover may publish a new version
 * just before it first signs with it.
 */
export function createPublicKeyStore(table: Table, clock: Clock): PublicKeyStore {
  const held = new Map<Prover, { readAt: number; keys: readonly PublicKey[] }>();
  /** The last reading for an unknown version. */
  const soughtAt = new Map<Prover, number>();
  const readings = new Map<Prover, Promise<readonly PublicKey[]>>();

  /** Parallel requests share one reading. */
  function read(prover: Prover): Promise<readonly PublicKey[]> {
    const running = readings.get(prover);
    if (running) return running;
    const reading = readKeys(table, prover)
      .then((keys) => {
        // Without keys the prover has not started yet. Its first key must count as soon as it is published.
        if (keys.length > 0) held.set(prover, { readAt: clock(), keys });
        return keys;
      })
      .finally(() => readings.delete(prover));
    readings.set(prover, reading);
    return reading;
  }

  /** Reads again. If that fails, the known keys stay in use. */
  function renew(prover: Prover, keys: readonly PublicKey[]): Promise<readonly PublicKey[]> {
    held.set(prover, { readAt: clock(), keys });
    return read(prover).catch(() => keys);
  }

  /** Reads again for an unknown version, once a minute. Parallel requests share that reading. */
  function seek(
    prover: Prover,
    keys: readonly PublicKey[],
  ): Promise<readonly PublicKey[]> | readonly PublicKey[] {
    const now = clock();
    const since = Math.abs(now - (soughtAt.get(prover) ?? Number.NEGATIVE_INFINITY));
    if (since < unknownSeconds && !readings.has(prover)) return keys;
    soughtAt.set(prover, now);
    return renew(prover, keys);
  }

  return {
    async publish(prover, key) {
      const write = publication(table, prover, key);
      if (await conditionHolds(() => table.client.send(write))) return;
      throw new Error(`Version ${key.version} of the proof keys was published with another key`);
    },

    async withdraw(prover, below) {
      const retired = Array.from({ length: below - 1 }, (_, index) => `v${index + 1}`);
      const write = new UpdateItemCommand({
        TableName: table.name,
        Key: keyOf.publicKey(prover),
        UpdateExpression: `REMOVE ${retired.join(', ')}`,
      });
      if (retired.length > 0) await table.client.send(write);
    },

    async find(prover, version) {
      const known = held.get(prover);
      if (!known) return read(prover);
      const { keys, readAt } = known;
      if (version !== undefined && keys.every((key) => key.version !== version)) {
        return seek(prover, keys);
      }
      const age = Math.abs(clock() - readAt);
      if (age < rereadSeconds) return keys;
      const renewal = renew(prover, keys);
      return age < staleSeconds ? keys : renewal;
    },
  };
}

/** The key of a version never changes. Its beginning may: an operator may have moved it in the secret. */
const publication = (
  { name }: Table,
  prover: Prover,
  { version, publicKey, from }: PublicKey,
): UpdateItemCommand =>
  new UpdateItemCommand({
    TableName: name,
    Key: keyOf.publicKey(prover),
    UpdateExpression: 'SET #version = :key',
    ConditionExpression: 'attribute_not_exists(#version) OR #version.publicKey = :publicKey',
    ExpressionAttributeNames: { '#version': `v${version}` },
    ExpressionAttributeValues: toAttributes({
      ':key': { publicKey, from },
      ':publicKey': publicKey,
    }),
  });

async function readKeys({ client, name }: Table, prover: Prover): Promise<readonly PublicKey[]> {
  const read = new GetItemCommand({
    TableName: name,
    Key: keyOf.publicKey(prover),
    ConsistentRead: true,
  });
  return keysOf((await client.send(read)).Item);
}

/** @returns ascending by version */
function keysOf(item: Parameters<typeof fromAttributes>[0]): PublicKey[] {
  const { pk: _, sk: __, ...versions } = fromAttributes(item) ?? {};
  return Object.entries(versions)
    .map(([name, key]): PublicKey => {
      const { publicKey, from } = key as Pick<PublicKey, 'publicKey' | 'from'>;
      return { version: Number(name.slice(1)), publicKey, from };
    })
    .sort((a, b) => a.version - b.version);
}
