import { Problem } from '#core/model/problems.ts';
import { fieldMessages } from './field-messages.ts';

/** A UUID, or as much randomness in other letters. Two callers could share a key that can be guessed. */
export const idempotencyKeyPattern = /^"?([\w-]{16,64})"?$/;

/**
 * Reads an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header §2.1): a string, with or without its quotes.
 * @throws Problem invalid_request
 */
export function readIdempotencyKey(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const [, key] = idempotencyKeyPattern.exec(text) ?? [];
  if (key !== undefined) return key;
  const errors = [{ path: 'Idempotency-Key', message: fieldMessages.idempotency_key }];
  throw new Problem('invalid_request', { errors });
}
