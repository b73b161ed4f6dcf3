import * as z from 'zod/mini';
import { Problem } from '#core/model/problems.ts';
import { westernDigits } from '#core/values/digits.ts';
import { readNationalId } from '#core/values/national-id.ts';
import { normalisePassword } from '#core/values/normalise-password.ts';
import { type Country, readPhone } from '#core/values/phone.ts';
import { readRecoveryCode } from '#core/values/recovery-code.ts';
import { readUsername } from '#core/values/username.ts';
import type { fieldMessages } from './field-messages.ts';

/* The fields of the API's bodies. Each message is a key of `field-messages.ts`. */

/** A string that `read` turns into its one canonical form, or refuses with a message of the catalogue. */
export const canonical = (
  read: (text: string) => string | undefined,
  message: keyof typeof fieldMessages,
  longest = 64,
) =>
  z.pipe(
    z.string().check(z.maxLength(longest)),
    z.transform((text: string, context) => {
      const value = read(text);
      if (value !== undefined) return value;
      context.issues.push({ code: 'custom', message, input: text });
      return z.NEVER;
    }),
  );

/** A text that must be there. */
export const textUpTo = (longest: number) =>
  z.string().check(z.minLength(1, { error: 'required' }), z.maxLength(longest));

export const phone = (destinations: readonly Country[]) =>
  canonical((text) => {
    const result = readPhone(text, destinations);
    // A valid number of an unsupported country gets a problem of its own: the person made no mistake.
    if (result.kind === 'unsupported') throw new Problem('destination_unsupported');
    return result.kind === 'phone' ? result.phone : undefined;
  }, 'phone');
export const nationalId = canonical(readNationalId, 'national_id');
export const username = canonical(readUsername, 'username');
const readDigits = (text: string) => {
  const digits = westernDigits(text).replace(/[\s-]/g, '');
  return /^\d{6,8}$/.test(digits) ? digits : undefined;
};
export const appCode = canonical(readDigits, 'code');
const anyCode = canonical((text) => readDigits(text) ?? readRecoveryCode(text), 'code');

/** A code and its method. A recovery code has 16 characters, and no other code does. */
export const codeOf = <Method extends string>(methods: z.ZodMiniType<Method>) =>
  z.strictObject({ method: methods, code: anyCode }).check(
    z.refine(({ method, code }) => (method === 'recovery-code') === (code.length === 16), {
      path: ['code'],
      error: 'code',
    }),
  );
export const factorMethod = z.enum(['totp', 'recovery-code'], { error: 'method' });
export const anyMethod = z._default(
  z.enum(['sms', 'totp', 'recovery-code'], { error: 'method' }),
  'sms',
);

// 1,024 leaves room for 128 code points in any normal form. The policy itself reports too_long.
export const password = z.pipe(
  z
    .string()
    .check(
      z.minLength(1, { error: 'password' }),
      z.maxLength(1024),
      z.regex(/^[^\p{Cc}\p{Zl}\p{Zp}\p{Cs}]*$/u, { error: 'password' }),
    ),
  z.transform(normalisePassword),
);
// Tickets and refresh tokens have a fixed length. An access token sent in place of one is longer, and the answer says
// so.
export const ticket = textUpTo(256);
export const refreshToken = textUpTo(8192);
// Only the length is checked: the secret of a forgotten device is ignored later.
export const deviceSecret = z.string().check(z.maxLength(256));

export const termsVersion = z.string().check(z.maxLength(64));
