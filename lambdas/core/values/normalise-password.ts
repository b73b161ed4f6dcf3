/**
 * Brings a password into NFKC, the form in which it is checked, stored and compared. Keyboards compose the same
 * characters differently (NIST SP 800-63B-4 §3.1.1.2). The password is not truncated and its case does not change.
 */
export const normalisePassword = (typed: string): string => typed.normalize('NFKC');
