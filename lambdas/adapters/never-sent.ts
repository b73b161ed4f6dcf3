import { NoTimeLeft } from './call-time.ts';

/** Node's error codes for a connection that never came about, so that nothing of the request can have left. */
const neverConnected = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** The AWS SDK's own connection time-out has no code. A test compares this text with the installed SDK. */
export const connectTimeout = 'did not establish a connection';

/** Whether an error of a request, or its cause, says for certain that the request never left. */
export function neverSent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof NoTimeLeft) return true;
  const { code, cause, message } = error as Error & { code?: unknown };
  return neverConnected.has(String(code)) || message.includes(connectTimeout) || neverSent(cause);
}
