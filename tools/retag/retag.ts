/**
 * `npm run --silent retag -- --table NAME --tags ARN --identity-tags ARN|kms --phone-seals ARN --username-seals ARN
 * --seals ARN` moves what the table keeps under tags of former keys to the newest tags: accounts, national IDs, slots on phones, sessions. After it,
 * the former keys of tags can be retired (docs/key-compromise.md).
 *
 * It uses the credentials and the region of the environment, as the AWS CLI does. It prints numbers and never a name.
 */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createKeyring, type KeyMaterial } from '#core/crypto/keyring.ts';
import { sealKey, tagKey } from '#core/crypto/keys.ts';
import { readMaterial } from '../table-job/read-material.ts';
import { settleSeconds } from './retag-account.ts';
import { type Retagged, retagTable } from './retag-table.ts';

const usage =
  'npm run --silent retag -- --table NAME --tags ARN --identity-tags ARN|kms --phone-seals ARN --username-seals ARN --seals ARN';

/**
 * Refuses to run where it would leave something behind.
 * @param now epoch seconds
 * @throws Error that says when to run it
 */
export function requireSettled(materials: readonly KeyMaterial[], now: number): void {
  for (const { versions } of materials) {
    const { from = 0 } = versions.at(-1) ?? {};
    if (from === 0 || now >= from + settleSeconds) continue;
    const at = new Date((from + settleSeconds) * 1000).toISOString();
    throw new Error(
      `What people began before the newest version still makes former tags. Run this after ${at}.`,
    );
  }
}

/** What the operator does next. */
export function conclusion({ accounts, moved, unreadable, sessions, phones, left }: Retagged) {
  const done =
    `${accounts} accounts read, ${moved} moved to their newest tags; ${sessions} sessions follow, ` +
    `${phones} unused phones deleted.`;
  if (unreadable > 0) {
    return `${done}\n${unreadable} accounts have a seal that does not open. Retire nothing: look for the version that sealed it.`;
  }
  if (left > 0) return `${done}\n${left} items are left. Run this again.`;
  return `${done}\nNothing of a former level is left: rotate-key may retire --retagged.`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({
      options: {
        table: text,
        tags: text,
        'identity-tags': text,
        'phone-seals': text,
        'username-seals': text,
        seals: text,
      },
    });
    const { table, seals, tags } = values;
    const { 'phone-seals': phoneSeals, 'identity-tags': identityTags } = values;
    const { 'username-seals': usernameSeals } = values;
    if (!table || !seals || !phoneSeals || !usernameSeals || !tags || !identityTags)
      throw new Error(usage);
    const now = Date.now() / 1000;
    const tagMaterial = await readMaterial(tags);
    const identityMaterial = identityTags === 'kms' ? undefined : await readMaterial(identityTags);
    requireSettled(identityMaterial ? [tagMaterial, identityMaterial] : [tagMaterial], now);
    const keys = {
      tags: createKeyring(tagMaterial, tagKey, now),
      identityTags: identityMaterial && createKeyring(identityMaterial, tagKey, now),
      phoneSeals: createKeyring(await readMaterial(phoneSeals), sealKey, now),
      usernameSeals: createKeyring(await readMaterial(usernameSeals), sealKey, now),
      seals: createKeyring(await readMaterial(seals), sealKey, now),
    };
    console.error(
      `Moving to level ${keys.tags.current.version} of the tags and ${keys.identityTags?.current.version ?? 1} of the tags of national IDs.`,
    );
    const result = await retagTable({ client: new DynamoDBClient(), name: table }, keys, {
      entropy: randomBytes,
      now,
      onPage: (accounts) => console.error(`${accounts} accounts so far`),
    });
    console.error(conclusion(result));
    if (result.unreadable > 0 || result.left > 0) process.exitCode = 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  }
}
