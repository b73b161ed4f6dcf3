import { timingSafeEqual } from 'node:crypto';

/** The only comparison of secrets: constant time for texts of one length; a length is no secret here. */
export function equalSecrets(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
