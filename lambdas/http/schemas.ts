import * as z from 'zod';
import { Problem } from '../core/problems.ts';
import { westernDigits } from '../core/values/digits.ts';
import { readNationalId } from '../core/values/national-id.ts';
import { normalisePassword } from '../core/values/normalise-password.ts';
import { type Country, readPhone } from '../core/values/phone.ts';
import { readUsername } from '../core/values/username.ts';
import type { fieldMessages } from './field-messages.ts';

/** A string that `read` turns into its one canonical form, or refuses with a message of the catalogue. */
const canonical = (
  read: (text: string) => string | undefined,
  message: keyof typeof fieldMessages,
) =>
  z
    .string()
    .max(64)
    .transform((text, context) => {
      const value = read(text);
      if (value !== undefined) return value;
      context.issues.push({ code: 'custom', message, input: text });
      return z.NEVER;
    });

const phone = (destinations: readonly Country[]) =>
  canonical((text) => {
    const result = readPhone(text, destinations);
    // A good number in the wrong place is an answer of its own: the person typed it well.
    if (result.kind === 'unsupported') throw new Problem('destination_unsupported');
    return result.kind === 'phone' ? result.phone : undefined;
  }, 'phone');
const nationalId = canonical(readNationalId, 'national_id');
const username = canonical(readUsername, 'username');
const code = canonical((text) => {
  const digits = westernDigits(text).replace(/[\s-]/g, '');
  return /^\d{6,8}$/.test(digits) ? digits : undefined;
}, 'code');

// 1,024 leaves room for 128 code points in any normal form; the policy itself speaks of too_long.
const password = z
  .string()
  .min(1, { error: 'password' })
  .max(1024)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\p{Cs}]*$/u, { error: 'password' })
  .transform(normalisePassword);
// Tickets have one length; refresh tokens of Cognito are JWEs of some 2 kB.
const ticket = z.string().min(1, { error: 'required' }).max(256);
const refreshToken = z.string().min(1, { error: 'required' }).max(8192);

/** The body that starts a registration: whose mobiles it takes is the stage's choice. */
export const startRegistrationBody = (destinations: readonly Country[]) =>
  z.strictObject({ phone: phone(destinations) });

/** The other bodies of the API, one schema a call. Unknown fields are refused: a misspelt one is never ignored. */
export const bodies = {
  completeRegistration: z.strictObject({
    ...{ ticket, username, password, nationalId },
    termsVersion: z.string().max(64),
  }),
  startPasswordReset: z.strictObject({ username, nationalId }),
  completePasswordReset: z
    .strictObject({ ticket, newPassword: password, confirmPassword: password })
    .refine(({ newPassword, confirmPassword }) => newPassword === confirmPassword, {
      path: ['confirmPassword'],
      error: 'confirmation',
    }),
  sendChallenge: z.strictObject({}),
  verifyChallenge: z.strictObject({ code }),
  logIn: z.strictObject({ username, password }),
  session: z.strictObject({ refreshToken }),
};
