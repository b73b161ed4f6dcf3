/**
 * `npm run --silent reseal -- --table NAME --phone-seals ARN --username-seals ARN --seals ARN` seals anew what older
 * versions of the keys sealed in accounts: phones, usernames, masked national IDs and secrets of authenticator apps. After it, the older versions can be
 * retired (docs/key-compromise.md).
 *
 * It uses the credentials and the region of the environment, as the AWS CLI does. It prints numbers and never a name.
 */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createKeyring, type Keyring } from '#core/crypto/keyring.ts';
import { type SealKey, sealKey } from '#core/crypto/keys.ts';
import { readMaterial } from '../table-job/read-material.ts';
import { type Resealed, resealTable } from './reseal-table.ts';

const usage =
  'npm run --silent reseal -- --table NAME --phone-seals ARN --username-seals ARN --seals ARN';

const readKeyring = async (secretArn: string): Promise<Keyring<SealKey>> =>
  createKeyring(await readMaterial(secretArn), sealKey, Date.now() / 1000);

/** What the operator does next. */
export function conclusion({ accounts, resealed, unreadable, left }: Resealed): string {
  const done = `${accounts} accounts read, ${resealed} sealed anew.`;
  if (unreadable > 0) {
    return `${done}\n${unreadable} accounts have a seal that does not open. Retire nothing: look for the version that sealed it.`;
  }
  if (left > 0) return `${done}\n${left} accounts are left. Run this again.`;
  return `${done}\nNothing of an older version is left. After six and a half hours, rotate-key may retire --resealed: notices that wait\nhold seals of the time before.`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const { values } = parseArgs({
      options: {
        table: { type: 'string' },
        'phone-seals': { type: 'string' },
        'username-seals': { type: 'string' },
        seals: { type: 'string' },
      },
    });
    const { table, seals, 'phone-seals': phoneSeals, 'username-seals': usernameSeals } = values;
    if (!table || !seals || !phoneSeals || !usernameSeals) throw new Error(usage);
    const keys = {
      phoneSeals: await readKeyring(phoneSeals),
      usernameSeals: await readKeyring(usernameSeals),
      seals: await readKeyring(seals),
    };
    console.error(
      `Sealing with version ${keys.phoneSeals.current.version} of the phone seals, ${keys.usernameSeals.current.version} of the username seals and ${keys.seals.current.version} of the seals.`,
    );
    const result = await resealTable({ client: new DynamoDBClient(), name: table }, keys, {
      entropy: randomBytes,
      onPage: (accounts) => console.error(`${accounts} accounts so far`),
    });
    console.error(conclusion(result));
    if (result.unreadable > 0 || result.left > 0) process.exitCode = 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  }
}
