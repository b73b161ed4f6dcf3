import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import {
  createKeyring,
  type KeyMaterial,
  type Keyring,
  type Keys,
  type VersionMaterial,
} from '#core/crypto/keyring.ts';
import type { Clock } from '#core/system.ts';
import { parseJson } from '#core/values/json-field.ts';

const version = z.pipe(
  z.string().check(z.regex(/^[1-9]\d{0,2}$/)),
  z.pipe(z.transform(Number), z.number().check(z.maximum(255))),
);
const instant = z.pipe(
  z.iso.datetime(),
  z.transform((text) => Date.parse(text) / 1000),
);
const secret = z.string().check(z.minLength(32));

/**
 * `{"1":"<random>"}` as the stack creates it. A rotation adds `"2":"<random>"` and `"2.from":"<instant>"`, the instant from
 * which new things are made with version 2. `"minimum":"2"` retires version 1. A version is one byte in seals and tokens.
 */
const secretSchema = z.pipe(z.record(z.string(), z.string()), z.transform(readEntries));

function readEntries(
  entries: Readonly<Record<string, string>>,
  context: z.core.ParsePayload,
): KeyMaterial {
  const versions = Object.entries(entries)
    .filter(([name]) => name !== 'minimum' && !name.endsWith('.from'))
    .map(([name, text]) => materialOf(name, text, entries));
  const minimum = version.safeParse(entries['minimum'] ?? '1');
  const known = new Set(versions.flatMap((one) => (one ? [`${one.version}.from`] : [])));
  const strayInstant = Object.keys(entries).some(
    (name) => name.endsWith('.from') && !known.has(name),
  );
  const usable = versions.filter((one) => one !== undefined);
  if (usable.length === versions.length && minimum.success && !strayInstant && ascend(usable)) {
    return { versions: usable, minimum: minimum.data };
  }
  context.issues.push({ code: 'custom', message: 'malformed', input: undefined });
  return z.NEVER;
}

function materialOf(
  name: string,
  text: string,
  entries: Readonly<Record<string, string>>,
): VersionMaterial | undefined {
  const from = entries[`${name}.from`];
  const read = z
    .object({ version, secret, from: z.union([instant, z.literal(0)]) })
    .safeParse({ version: name, secret: text, from: from ?? 0 });
  return read.data;
}

/** Later versions begin later, so that the newest one that has begun is the current one. */
const ascend = (versions: VersionMaterial[]): boolean =>
  versions
    .sort((a, b) => a.version - b.version)
    .every((one, index) => index === 0 || one.from > (versions[index - 1]?.from ?? 0));

/** Seconds after which a function notices a changed secret. `docs/key-compromise.md` counts on it. */
export const rereadSeconds = 600;
/**
 * Seconds after which what a function holds may lack a version that has begun: a rotation is entered that long before it
 * begins. A sandbox gets this old only where it was frozen, because every request after ten minutes reads anew.
 */
export const staleSeconds = 900;
/** Seconds until the next try where that reading failed. A frozen sandbox may lose the answer. */
const retrySeconds = 60;

interface KeysOptions<Key> {
  readonly client: SecretsManagerClient;
  readonly secretArn: string;
  readonly clock: Clock;
  /** Makes the key of one version. */
  readonly derive: (material: VersionMaterial) => Key;
}

/**
 * The keys of one secret. It is read once a cold start, and again every ten minutes: no request waits for that, and no
 * request can cause it. A rotation is entered in the secret {@link staleSeconds} before it begins, so every function knows
 * a new version before the first thing is made with it. Only the first request after a sandbox was frozen for longer waits.
 * @throws Error if the secret is not of the form that `lib/stacks/data-stack.ts` creates; never with its content
 */
export function createKeys<Key>({ client, secretArn, clock, derive }: KeysOptions<Key>): Keys<Key> {
  let held: KeyMaterial | undefined;
  let reading: Promise<KeyMaterial> | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  /** The reading that parallel calls of the first request after a long freeze wait for. */
  let overdue: Promise<void> | undefined;
  const derived = new Map<number, Key>();

  /** All waiting calls share one read. A failed read keeps what is held, and a later request tries again. */
  function read(): Promise<KeyMaterial> {
    readAt = clock();
    reading ??= readMaterial({ client, secretArn })
      .then((material) => {
        if (JSON.stringify(material) !== JSON.stringify(held)) derived.clear();
        held = material;
        return material;
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  }

  /** Derives each key once. */
  function keyOf(material: VersionMaterial): Key {
    const known = derived.get(material.version);
    if (known !== undefined) return known;
    const key = derive(material);
    derived.set(material.version, key);
    return key;
  }

  return async (): Promise<Keyring<Key>> => {
    const age = Math.abs(clock() - readAt);
    if (held && age >= rereadSeconds) {
      const renewal = read()
        .then(() => undefined)
        .catch(() => {
          readAt = clock() - rereadSeconds + retrySeconds;
        })
        .finally(() => {
          overdue = undefined;
        });
      if (age >= staleSeconds) overdue = renewal;
    }
    await overdue;
    return createKeyring(held ?? (await read()), keyOf, clock());
  };
}

async function readMaterial({
  client,
  secretArn,
}: Pick<KeysOptions<unknown>, 'client' | 'secretArn'>): Promise<KeyMaterial> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
  return materialFrom(SecretString);
}

/**
 * @param text the secret as it is stored
 * @throws Error if it is malformed; never with its content
 */
export function materialFrom(text: string | undefined): KeyMaterial {
  const read = secretSchema.safeParse(parseJson(text ?? ''));
  if (!read.success || read.data.versions.length === 0) {
    throw new Error('The key secret is malformed');
  }
  return read.data;
}
