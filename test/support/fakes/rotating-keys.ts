import {
  createKeyring,
  type KeyMaterial,
  type KeyPurpose,
  type Keys,
  keyPurposes,
} from '#core/crypto/keyring.ts';
import {
  codeKey,
  identityTagsOf,
  proofKey,
  sealKey,
  sessionKey,
  taggerOf,
  tagKey,
} from '#core/crypto/keys.ts';
import { publicKeyOf } from '#core/crypto/signature.ts';
import type { PublicKey } from '#core/model/proof.ts';
import type { Clock } from '#core/system.ts';
import type { RetagKeys } from '../../../tools/retag/retag-account.ts';
import { fakePublicKeys, freshMaterial, rotated } from './keys.ts';

type Secrets = Record<KeyPurpose, KeyMaterial>;

/** A secret for each purpose. */
const freshSecrets = () =>
  Object.fromEntries(keyPurposes.map((purpose) => [purpose, freshMaterial()])) as Secrets;

/** The ports that hold keys, on secrets of a purpose each. The proofs' public keys are published as the prover does. */
export function portsOfSecrets(secrets: Secrets, clock: Clock, published: PublicKey[] = []) {
  const keysOf =
    <Key>(
      purpose: KeyPurpose,
      derive: (material: KeyMaterial['versions'][number]) => Key,
    ): Keys<Key> =>
    async () =>
      createKeyring(secrets[purpose], derive, clock());
  const prover = fakePublicKeys(published, clock);
  const signing = keysOf('proofs', proofKey);
  return {
    tags: taggerOf(keysOf('tags', tagKey)),
    identityTags: identityTagsOf(keysOf('identity-tags', tagKey)),
    codeKeys: keysOf('codes', codeKey),
    sessionKeys: keysOf('sessions', sessionKey),
    phoneSealKeys: keysOf('phone-seals', sealKey),
    usernameSealKeys: keysOf('username-seals', sealKey),
    sealKeys: keysOf('seals', sealKey),
    proofSigningKeys: async () => {
      const keyring = await signing();
      for (const { version, privateKey, from } of keyring.all) {
        await prover.publish('verification', {
          version,
          publicKey: publicKeyOf(privateKey),
          from,
        });
      }
      await prover.withdraw('verification', keyring.oldest.version);
      return keyring;
    },
    publicKeys: fakePublicKeys(published, clock),
  };
}

/**
 * Keys whose rotations a test plays.
 * @param clock epoch seconds
 */
export function rotatingKeys(clock: Clock) {
  const secrets = freshSecrets();
  /** What an attacker copied: the secrets as they were at first. */
  const leaked = { ...secrets };
  const published: PublicKey[] = [];
  return {
    ports: portsOfSecrets(secrets, clock, published),
    /** The public keys as a function sees them that has just started. */
    publicKeysAfterRestart: () => fakePublicKeys(published, clock),
    /** The keys in the hands of the attacker, who makes what they like with them. */
    leaked: portsOfSecrets(leaked, clock),
    /** The keyrings that `npm run retag` reads. */
    retagKeys: (): RetagKeys => ({
      tags: createKeyring(secrets.tags, tagKey, clock()),
      identityTags: createKeyring(secrets['identity-tags'], tagKey, clock()),
      phoneSeals: createKeyring(secrets['phone-seals'], sealKey, clock()),
      usernameSeals: createKeyring(secrets['username-seals'], sealKey, clock()),
      seals: createKeyring(secrets.seals, sealKey, clock()),
    }),
    /** Enters a new version, which begins in some seconds. */
    rotate(purpose: KeyPurpose, inSeconds = 0) {
      secrets[purpose] = rotated(secrets[purpose], clock() + inSeconds);
    },
    /** Retires all versions before the newest. */
    retire(purpose: KeyPurpose) {
      const { versions } = secrets[purpose];
      secrets[purpose] = { versions, minimum: versions.at(-1)?.version ?? 1 };
    },
  };
}

export type RotatingKeys = ReturnType<typeof rotatingKeys>;
