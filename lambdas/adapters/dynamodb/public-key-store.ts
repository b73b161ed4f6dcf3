import {
  ConditionalCheckFailedException,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Prover, PublicKey } from '#core/model/proof.ts';
import type { PublicKeyStore } from '#core/ports/public-key-store.ts';
import type { Clock } from '#core/system.ts';
import { despiteContention } from './contention.ts';
import { fromAttributes, keyOf, type Table, toAttributes } from './table.ts';

/** Seconds after which a function notices a new key. A key is published at least twice as long before it signs. */
const rereadSeconds = 600;

/**
 * One item per prover, with one attribute per key version: `v1`, `v2`. Only the prover's role may write it, so a reader
 * trusts it as it trusts IAM. It is read once, and again every ten minutes: no request waits for that, and no request can
 * cause it.
 */
export function createPublicKeyStore(table: Table, clock: Clock): PublicKeyStore {
  const held = new Map<Prover, { readAt: number; keys: readonly PublicKey[] }>();
  const reading = new Map<Prover, Promise<readonly PublicKey[]>>();

  /** All waiting calls share one read. A failed read keeps what is held. */
  function read(prover: Prover): Promise<readonly PublicKey[]> {
    const running = reading.get(prover);
    if (running) return running;
    const keys = readKeys(table, prover)
      .then((found) => {
        // Without keys the prover has not started yet. Its first key must count as soon as it is published.
        if (found.length > 0) held.set(prover, { readAt: clock(), keys: found });
        return found;
      })
      .finally(() => reading.delete(prover));
    reading.set(prover, keys);
    return keys;
  }

  return {
    async publish(prover, key) {
      try {
        await despiteContention(() => table.client.send(publication(table, prover, key)));
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        throw new Error(`Version ${key.version} of the proof keys was published with another key`);
      }
    },

    async find(prover) {
      const known = held.get(prover);
      if (!known) return read(prover);
      if (Math.abs(clock() - known.readAt) >= rereadSeconds) {
        held.set(prover, { ...known, readAt: clock() });
        read(prover).catch(() => undefined);
      }
      return known.keys;
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
