import type { Keys, VersionMaterial } from '#core/crypto/keyring.ts';
import {
  codeKey,
  identityTagsOf,
  type ProofKey,
  proofKey,
  sealKey,
  sessionKey,
  taggerOf,
  tagKey,
} from '#core/crypto/keys.ts';
import { publicKeyOf } from '#core/crypto/signature.ts';
import { dynamoClient, kmsClient, secretsClient } from '../adapters/clients.ts';
import { createPublicKeyStore } from '../adapters/dynamodb/public-key-store.ts';
import { createIdentityTags } from '../adapters/kms/identity-tags.ts';
import { createKeys } from '../adapters/secrets/keys.ts';
import { clock } from './ports.ts';

/*
 * The keys of a function, one port for each secret. A function composes the ports whose secrets its role may read. Each
 * secret is fetched during the cold start, before the first request.
 */

function keysOf<Key>(secretArn: string, derive: (material: VersionMaterial) => Key): Keys<Key> {
  const keys = createKeys({ client: secretsClient(), secretArn, clock, derive });
  // The request that needs the keys meets the same error and reports it.
  keys().catch(() => undefined);
  return keys;
}

export const codeKeys = (env: { readonly CODES_SECRET_ARN: string }) => ({
  codeKeys: keysOf(env.CODES_SECRET_ARN, codeKey),
});

export const sessionKeys = (env: { readonly SESSIONS_SECRET_ARN: string }) => ({
  sessionKeys: keysOf(env.SESSIONS_SECRET_ARN, sessionKey),
});

export const tags = (env: { readonly TAGS_SECRET_ARN: string }) => ({
  tags: taggerOf(keysOf(env.TAGS_SECRET_ARN, tagKey)),
});

/** The stage decides where the key is: in KMS, or in a secret. */
export const identityTags = (env: {
  readonly IDENTITY_TAGS_KMS_KEY_ARN: string;
  readonly IDENTITY_TAGS_SECRET_ARN: string;
}) => ({
  identityTags: env.IDENTITY_TAGS_KMS_KEY_ARN
    ? createIdentityTags({ client: kmsClient(), keyArn: env.IDENTITY_TAGS_KMS_KEY_ARN })
    : identityTagsOf(keysOf(env.IDENTITY_TAGS_SECRET_ARN, tagKey)),
});

export const phoneSealKeys = (env: { readonly PHONE_SEALS_SECRET_ARN: string }) => ({
  phoneSealKeys: keysOf(env.PHONE_SEALS_SECRET_ARN, sealKey),
});

export const usernameSealKeys = (env: { readonly USERNAME_SEALS_SECRET_ARN: string }) => ({
  usernameSealKeys: keysOf(env.USERNAME_SEALS_SECRET_ARN, sealKey),
});

export const sealKeys = (env: { readonly SEALS_SECRET_ARN: string }) => ({
  sealKeys: keysOf(env.SEALS_SECRET_ARN, sealKey),
});

/** The public keys that tickets are checked with. */
export function publicKeys(env: { readonly TABLE_NAME: string }) {
  const store = createPublicKeyStore({ client: dynamoClient(), name: env.TABLE_NAME }, clock);
  store.find('verification').catch(() => undefined);
  return { publicKeys: store };
}

/**
 * The keys that tickets are signed with, for the one function that signs them. Each version's public key is published
 * before the first ticket is signed with it, and withdrawn once the version is retired.
 */
export function proofSigningKeys(env: {
  readonly PROOFS_SECRET_ARN: string;
  readonly TABLE_NAME: string;
}) {
  const store = createPublicKeyStore({ client: dynamoClient(), name: env.TABLE_NAME }, clock);
  const published = new Map<number, Promise<void>>();
  const publish = ({ version, privateKey, from }: ProofKey): Promise<void> => {
    const known = published.get(version);
    if (known) return known;
    const key = { version, publicKey: publicKeyOf(privateKey), from };
    const publishing = store.publish('verification', key);
    published.set(version, publishing);
    publishing.catch(() => published.delete(version));
    return publishing;
  };

  let minimum = 1;
  /** A request does not wait: tickets of a retired version expire within 30 minutes anyway. */
  function withdraw(below: number): void {
    if (below <= minimum) return;
    const former = minimum;
    minimum = below;
    store.withdraw('verification', below).catch(() => {
      minimum = former;
    });
  }

  const keys = keysOf(env.PROOFS_SECRET_ARN, proofKey);
  const publishedKeys: Keys<ProofKey> = async () => {
    const keyring = await keys();
    await Promise.all(keyring.all.map(publish));
    withdraw(keyring.oldest.version);
    return keyring;
  };
  publishedKeys().catch(() => undefined);
  return { proofSigningKeys: publishedKeys };
}
