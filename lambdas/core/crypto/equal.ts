import { timingSafeEqual } from 'node:crypto';

/**
 * Compares two secrets in constant time. All code compares secrets with this function. Texts of different lengths are
 * refused at once, because the length of a secret is public.
 */
export function equalSecrets(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
