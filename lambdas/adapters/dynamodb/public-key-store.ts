import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { PublicKey } from '#core/model/proof.ts';
import type { PublicKeyStore } from '#core/ports/public-key-store.ts';
import type { Clock } from '#core/system.ts';
import { fromAttributes, keyOf, type Table, toAttributes } from './table.ts';

/** Seconds for which a function trusts what it read. A new key is published long before it signs. */
const rememberedSeconds = 60;

/**
 * One item per prover, with one attribute per key version: `v1`, `v2`. Only the prover's role may write it, so a reader
 * trusts it as it trusts IAM.
 */
export function createPublicKeyStore(table: Table, clock: Clock): PublicKeyStore {
  const remembered = new Map<string, { at: number; keys: Promise<readonly PublicKey[]> }>();

  return {
    async publish(prover, { version, publicKey, from }) {
      const write = new UpdateItemCommand({
        TableName: table.name,
        Key: keyOf.publicKey(prover),
        UpdateExpression: 'SET #version = if_not_exists(#version, :key)',
        ExpressionAttributeNames: { '#version': `v${version}` },
        ExpressionAttributeValues: toAttributes({ ':key': { publicKey, from } }),
        ReturnValues: 'ALL_NEW',
      });
      const published = keysOf((await table.client.send(write)).Attributes);
      const same = published.some((key) => key.version === version && key.publicKey === publicKey);
      if (!same) {
        throw new Error(`Version ${version} of the proof keys was published with another key`);
      }
    },

    async find(prover) {
      const now = clock();
      const known = remembered.get(prover);
      if (known && Math.abs(now - known.at) < rememberedSeconds) return known.keys;
      const keys = readKeys(table, prover);
      remembered.set(prover, { at: now, keys });
      const found = await keys.catch((error: unknown) => {
        remembered.delete(prover);
        throw error;
      });
      // The prover has not started yet. Its first key must count as soon as it is published.
      if (found.length === 0) remembered.delete(prover);
      return found;
    },
  };
}

async function readKeys({ client, name }: Table, prover: string): Promise<readonly PublicKey[]> {
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
