import { randomBytes } from 'node:crypto';
import type { ChallengeId } from '#core/challenge/id.ts';
import { mintTicket } from '#core/challenge/ticket.ts';
import { deriveCode } from '#core/crypto/derive-code.ts';
import {
  createKeyring,
  type KeyMaterial,
  type Keyring,
  type VersionMaterial,
} from '#core/crypto/keyring.ts';
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
  let soughtAt = Number.NEGATIVE_INFINITY;
  return {
    async publish(_prover, key) {
      const index = keys.findIndex(({ version }) => version === key.version);
      if (index < 0) keys.push(key);
      else if (keys[index]?.publicKey === key.publicKey) keys[index] = key;
      else {
        throw new Error(`Version ${key.version} of the proof keys was published with another key`);
      }
    },
    async withdraw(_prover, below) {
      const kept = keys.filter(({ version }) => version >= below);
      keys.splice(0, keys.length, ...kept);
    },
    async find(_prover, version) {
      const former = remembered;
      const missing = version !== undefined && former?.keys.every((key) => key.version !== version);
      const waited = clock() - (missing ? soughtAt : (former?.at ?? Number.NEGATIVE_INFINITY));
      if (former && waited < (missing ? 60 : 600)) return former.keys;
      if (missing) soughtAt = clock();
      const found = keys.toSorted((a, b) => a.version - b.version);
      remembered = found.length === 0 ? undefined : { at: clock(), keys: found };
      // A renewal that is due happens while no request waits.
      return former && !missing && waited < 900 ? former.keys : found;
    },
  };
}

/** The public key of a version, as its prover publishes it. */
function checkKey(material: VersionMaterial): PublicKey {
  const { version, privateKey, from } = proofKey(material);
  return { version, publicKey: publicKeyOf(privateKey), from };
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
  /** The keyring of this moment. Each key is derived once, as the adapter does. */
  function keyringOf<Key>(derive: (material: VersionMaterial) => Key): () => Keyring<Key> {
    const derived = new Map<VersionMaterial, Key>();
    const keyOf = (version: VersionMaterial): Key => {
      const key = derived.get(version) ?? derive(version);
      derived.set(version, key);
      return key;
    };
    return () => createKeyring(material.current, keyOf, clock());
  }
  const [tags, codes, sessions] = [keyringOf(tagKey), keyringOf(codeKey), keyringOf(sessionKey)];
  const [seals, proofs, proofChecks] = [
    keyringOf(sealKey),
    keyringOf(proofKey),
    keyringOf(checkKey),
  ];

  const ports = {
    tags: taggerOf(async () => tags()),
    identityTags: identityTagsOf(async () => tags()),
    codeKeys: async () => codes(),
    sessionKeys: async () => sessions(),
    phoneSealKeys: async () => seals(),
    usernameSealKeys: async () => seals(),
    sealKeys: async () => seals(),
    proofSigningKeys: async () => proofs(),
    publicKeys: {
      publish: async () => undefined,
      withdraw: async () => undefined,
      find: async () => proofChecks().all,
    },
  };
  const tagger = taggerWith(tags());
  return {
    /** The ports of the core that hold keys. */
    ports,
    tagger,
    tag: tagger.tag,
    identityTag: async (nationalId: string) => (await ports.identityTags(nationalId)).newest,
    code: (idHash: string, length = 6) => deriveCode(codes().current, idHash, length),
    seal: (context: string, text: string) => seal(seals().current, randomBytes, context, text),
    sealedPhone: (phone: string, phoneTag = tagger.tag('phone', phone)): SealedPhone =>
      sealPhone(seals().current, randomBytes, phoneTag, phone),
    ticket: (challengeId: ChallengeId, at: number, method: Method = 'sms') =>
      mintTicket(ports.proofSigningKeys)(challengeId, { method, at }),
  };
}

export type TestKeys = ReturnType<typeof testKeys>;
