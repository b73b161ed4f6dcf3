/** Calls that every person waits for, and that make few calls to AWS. */
const quick = [
  'POST /challenges/{id}/verify, right code',
  'POST /challenges/{id}/send, first',
  'POST /sessions/refresh',
];

/**
 * CPU milliseconds that a request may take at the median.
 * @param calls to AWS
 */
export const warmTarget = (name: string, calls: number): number =>
  quick.includes(name) ? 1.5 : 0.6 + calls;
