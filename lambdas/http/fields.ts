import * as z from 'zod/mini';
import { Problem } from '#core/model/problems.ts';
import { loginNameFault, readLoginName } from '#core/values/login-name.ts';
import { readNationalId } from '#core/values/national-id.ts';
import { normalisePassword, readCurrentPassword } from '#core/values/normalise-password.ts';
import { type Country, readPhone } from '#core/values/phone.ts';
import { readRecoveryCode } from '#core/values/recovery-code.ts';
import { typedNumber } from '#core/values/typed-text.ts';
import { readUsername, usernameFault } from '#core/values/username.ts';
import type { fieldMessages } from './field-messages.ts';

/* The fields of the API's bodies. Each message is a key of `field-messages.ts`. */

type Message = keyof typeof fieldMessages;

/** A string that `read` turns into its one canonical form, or refuses with a message of the catalogue. */
export const canonical = (
  read: (text: string) => string | undefined,
  message: Message | ((text: string) => Message),
  longest = 64,
) =>
  z.pipe(
    z.string().check(z.maxLength(longest)),
    z.transform((text: string, context) => {
      const value = read(text);
      if (value !== undefined) return value;
      const refusal = typeof message === 'function' ? message(text) : message;
      context.issues.push({ code: 'custom', message: refusal, input: text });
      return z.NEVER;
    }),
  );

/** A text that must be there. */
export const textUpTo = (longest: number) =>
  z.string().check(z.minLength(1, { error: 'required' }), z.maxLength(longest));

export const phone = (destinations: readonly Country[]) =>
  canonical((text) => {
    const result = readPhone(text, destinations);
    // A landline or a number of another country gets a problem of its own: the person mistyped nothing.
    if (result.kind === 'unsupported')
      throw new Problem('destination_unsupported', { countries: destinations });
    return result.kind === 'phone' ? result.phone : undefined;
  }, 'phone');
export const nationalId = canonical(readNationalId, 'national_id');
export const username = canonical(
  readUsername,
  (text) => `username_${usernameFault(text) ?? 'length'}` as const,
);
/** What a login begins with: a username, and a national ID or Iqama where the stage takes them. */
export const loginName = (takesNationalId: boolean) =>
  takesNationalId
    ? canonical(readLoginName, (text) => {
        const fault = loginNameFault(text) ?? 'length';
        return fault === 'national-id' ? 'national_id' : (`username_${fault}` as const);
      })
    : username;
const readDigits = (text: string) => {
  const digits = typedNumber(text);
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

/** Leaves room for 128 code points in any normal form. The policy itself reports too_long. */
const longestPassword = 1024;
export const newPassword = z.pipe(textUpTo(longestPassword), z.transform(normalisePassword));
export const currentPassword = canonical(readCurrentPassword, 'required', longestPassword);
// Tickets and refresh tokens have a fixed length. An access token sent in place of one is longer, and the answer says
// so.
export const ticket = textUpTo(256);
export const refreshToken = textUpTo(8192);
// Only the length is checked: the secret of a forgotten device is ignored later.
export const deviceSecret = z.string().check(z.maxLength(256));

// The same: what cannot be read recognises nobody.
export const recognition = z.string().check(z.maxLength(512));

export const termsVersion = z.string().check(z.maxLength(64));
