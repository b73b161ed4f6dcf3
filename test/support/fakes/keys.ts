import { randomBytes } from 'node:crypto';
import type { ChallengeId } from '#core/challenge/id.ts';
import { mintTicket } from '#core/challenge/ticket.ts';
import { deriveCode } from '#core/crypto/derive-code.ts';
import { createKeyring, type KeyMaterial, type Keys } from '#core/crypto/keyring.ts';
import {
  codeKey,
  identityTagsOf,
  proofKey,
  sealKey,
  sessionKey,
  taggerOf,
  taggerWith,
  tagKey,
} from '#core/crypto/keys.ts';
import { seal } from '#core/crypto/seal.ts';
import { publicKeyOf } from '#core/crypto/signature.ts';
import type { Method } from '#core/model/challenge.ts';
import type { PublicKey } from '#core/model/proof.ts';
import { type SealedPhone, sealPhone } from '#core/model/sealed-phone.ts';
import type { PublicKeyStore } from '#core/ports/public-key-store.ts';
import type { Clock } from '#core/system.ts';

/** A secret with one version of random material. */
export const freshMaterial = (): KeyMaterial => ({
  versions: [{ version: 1, secret: randomBytes(32).toString('hex'), from: 0 }],
  minimum: 1,
});

/** The material after a rotation: from that instant on, new things are made with one more version. */
export function rotated({ versions, minimum }: KeyMaterial, from: number): KeyMaterial {
  const version = 1 + Math.max(...versions.map((known) => known.version));
  const secret = randomBytes(32).toString('hex');
  return { versions: [...versions, { version, secret, from }], minimum };
}

/**
 * Public keys in memory, as one function sees them.
 * @param keys what is published. Two functions share it
 */
export function fakePublicKeys(
  keys: PublicKey[] = [],
  clock: Clock = () => Date.now() / 1000,
): PublicKeyStore {
  let remembered: { readonly at: number; readonly keys: readonly PublicKey[] } | undefined;
  return {
    async publish(_prover, key) {
      const known = keys.find(({ version }) => version === key.version);
      if (!known) keys.push(key);
      else if (known.publicKey !== key.publicKey) {
        throw new Error(`Version ${key.version} of the proof keys was published with another key`);
      }
    },
    async find() {
      if (remembered && clock() - remembered.at < 60) return remembered.keys;
      const found = keys.toSorted((a, b) => a.version - b.version);
      remembered = found.length === 0 ? undefined : { at: clock(), keys: found };
      return found;
    },
  };
}

/**
 * The keys of all purposes, and what tests make with them. All secrets have the same material, which the derivation
 * separates again.
 * @param material changed in place, it plays a rotation
 * @param clock epoch seconds, for rotations
 */
export function testKeys(
  material: { current: KeyMaterial } = { current: freshMaterial() },
  clock: () => number = () => Number.MAX_SAFE_INTEGER,
) {
  const keysOf =
    <Key>(derive: Parameters<typeof createKeyring<Key>>[1]): Keys<Key> =>
    async () =>
      createKeyring(material.current, derive, clock());
  const current = <Key>(derive: Parameters<typeof createKeyring<Key>>[1]): Key =>
    createKeyring(material.current, derive, clock()).current;

  const publicKeys: PublicKeyStore = {
    publish: async () => undefined,
    find: async () =>
      createKeyring(material.current, proofKey, clock()).all.map(
        ({ version, privateKey, from }) => ({ version, publicKey: publicKeyOf(privateKey), from }),
      ),
  };
  const ports = {
    tags: taggerOf(keysOf(tagKey)),
    identityTags: identityTagsOf(keysOf(tagKey)),
    codeKeys: keysOf(codeKey),
    sessionKeys: keysOf(sessionKey),
    phoneSealKeys: keysOf(sealKey),
    sealKeys: keysOf(sealKey),
    proofSigningKeys: keysOf(proofKey),
    publicKeys,
  };
  const tagger = taggerWith(createKeyring(material.current, tagKey, clock()).oldest);
  return {
    /** The ports of the core that hold keys. */
    ports,
    tagger,
    tag: tagger.tag,
    identityTag: ports.identityTags,
    code: (idHash: string, length = 6) => deriveCode(current(codeKey), idHash, length),
    seal: (context: string, text: string) => seal(current(sealKey), randomBytes, context, text),
    sealedPhone: (phone: string, phoneTag = tagger.tag('phone', phone)): SealedPhone =>
      sealPhone(current(sealKey), randomBytes, phoneTag, phone),
    ticket: (challengeId: ChallengeId, at: number, method: Method = 'sms') =>
      mintTicket(ports.proofSigningKeys)(challengeId, { method, at }),
  };
}

export type TestKeys = ReturnType<typeof testKeys>;
