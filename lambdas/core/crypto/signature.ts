import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** The fixed parts of the DER encodings of RFC 8410 §7 and §4, before the 32 bytes of a private or public key. */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const spki = Buffer.from('302a300506032b6570032100', 'hex');

/** Bytes of an Ed25519 signature (RFC 8032 §5.1.6). */
export const signatureBytes = 64;

/** @param seed 32 secret bytes (RFC 8032 §5.1.5) */
export const signingKey = (seed: Buffer): KeyObject =>
  createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' });

/** @returns base64url of 32 bytes */
export function publicKeyOf(privateKey: KeyObject): string {
  const der = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return der.subarray(spki.length).toString('base64url');
}

/** Signs a text with Ed25519 (RFC 8032). The same text gives the same 64 bytes. */
export const signText = (privateKey: KeyObject, text: string): Buffer =>
  sign(null, Buffer.from(text), privateKey);

/** @param publicKey as {@link publicKeyOf} returns it */
export function isSignatureOf(publicKey: string, text: string, signature: Buffer): boolean {
  return verify(null, Buffer.from(text), readPublicKey(publicKey), signature);
}

/** The public keys that were read, by their text. They come from the prover's item: there are as many as key versions. */
const readKeys = new Map<string, KeyObject>();

function readPublicKey(publicKey: string): KeyObject {
  const known = readKeys.get(publicKey);
  if (known) return known;
  const bytes = Buffer.from(publicKey, 'base64url');
  const key = createPublicKey({ key: Buffer.concat([spki, bytes]), format: 'der', type: 'spki' });
  readKeys.set(publicKey, key);
  return key;
}
