/**
 * The one form in which a password is checked, stored and compared: NFKC, so that it is the same password
 * whichever keyboard composed it (NIST SP 800-63B-4 §3.1.1.2). Nothing is cut off and no case is changed.
 */
export const normalisePassword = (typed: string): string => typed.normalize('NFKC');
