import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { CognitoError, InvalidParameterError } from 'cognito-local/lib/errors.js';

/** A pool's `Policies.PasswordPolicy`; lengths in characters. */
export interface PasswordPolicy {
  MinimumLength?: number;
  RequireLowercase?: boolean;
  RequireNumbers?: boolean;
  RequireSymbols?: boolean;
  RequireUppercase?: boolean;
}

/** Wrong passwords in a row for one user; instants in epoch milliseconds. */
export interface SignInFailures {
  count: number;
  lockedUntil: number;
  lastAttemptAt: number;
}

const API_PATTERN = /^[\S]+.*[\S]+$/;
const SYMBOL = /[-^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+ ]/;
// Deliberately cheap: it only keeps clear text out of the data directory, and slows every login.
const SCRYPT = { N: 1024, r: 8, p: 1 };
const FREE_FAILURES = 5;
const FORGET_AFTER_MS = 15 * 60_000;

/**
 * Refuses a password as Cognito does.
 * @throws InvalidParameterError if the API's own bounds refuse it (PasswordType: up to 256
 *   characters, no blank at either end)
 * @throws CognitoError `InvalidPasswordException` if the pool's policy refuses it
 */
export function checkPassword(password: string, policy: PasswordPolicy = {}): void {
  if (password.length > 256 || !API_PATTERN.test(password)) {
    throw new InvalidParameterError(
      "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must " +
        'satisfy regular expression pattern: ^[\\S]+.*[\\S]+$ and have length at most 256',
    );
  }
  const broken = brokenRule(password, policy);
  if (broken) {
    const message = `Password did not conform with policy: ${broken}`;
    throw new CognitoError('InvalidPasswordException', message);
  }
}

function brokenRule(password: string, policy: PasswordPolicy): string | undefined {
  if (password.length < (policy.MinimumLength ?? 8)) return 'Password not long enough';
  const classes: [boolean | undefined, RegExp, string][] = [
    [policy.RequireUppercase, /[A-Z]/, 'uppercase'],
    [policy.RequireLowercase, /[a-z]/, 'lowercase'],
    [policy.RequireNumbers, /[0-9]/, 'numeric'],
    [policy.RequireSymbols, SYMBOL, 'symbol'],
  ];
  const missing = classes.find(([required, pattern]) => required && !pattern.test(password));
  return missing && `Password must have ${missing[2]} characters`;
}

/** The stored form of a user's `Password`: `scrypt.<salt>.<hash>`, base64url. */
export function hashPassword(password: string): string {
  const salt = randomBytes(16);
  const hash = scryptSync(password, salt, 32, SCRYPT);
  return `scrypt.${salt.toString('base64url')}.${hash.toString('base64url')}`;
}

/** Whether `stored` is a hash of the password. */
export function verifyPassword(password: string, stored: string): boolean {
  const [, salt = '', hash = ''] = stored.split('.');
  const expected = Buffer.from(hash, 'base64url');
  const actual = scryptSync(password, Buffer.from(salt, 'base64url'), 32, SCRYPT);
  return expected.length === actual.length && timingSafeEqual(actual, expected);
}

/** The failures that still count. Fifteen minutes without an attempt clear them. */
export function currentFailures(failures: SignInFailures | undefined, now: number): SignInFailures {
  const stale = failures === undefined || now - failures.lastAttemptAt >= FORGET_AFTER_MS;
  return stale ? { count: 0, lockedUntil: 0, lastAttemptAt: now } : failures;
}

/**
 * Adds one wrong password. From the fifth failure on, the user is locked out for 2^(n-5) seconds,
 * up to about 15 minutes (developer guide, "Lockout behavior for failed sign-in attempts").
 */
export function addFailure(failures: SignInFailures, now: number): SignInFailures {
  const count = failures.count + 1;
  const lockSeconds = count < FREE_FAILURES ? 0 : Math.min(2 ** (count - FREE_FAILURES), 900);
  return { count, lockedUntil: now + lockSeconds * 1000, lastAttemptAt: now };
}
