import { createHmac, createSecretKey, type Hmac, type KeyObject } from 'node:crypto';

/** By the bytes of each key that a function holds. They go with the bytes. */
const prepared = new WeakMap<Buffer, KeyObject>();

/**
 * A key that is used again and again, as Node's cryptography takes it. Node prepares bare bytes anew at each use, which takes six times
 * as long as an HMAC. The bytes must not change afterwards.
 */
export function secretKey(bytes: Buffer): KeyObject {
  const known = prepared.get(bytes);
  if (known) return known;
  const key = createSecretKey(bytes);
  prepared.set(bytes, key);
  return key;
}

/** Begins an HMAC-SHA-256 with a key that is used again and again. */
export const macWith = (bytes: Buffer): Hmac => createHmac('sha256', secretKey(bytes));
