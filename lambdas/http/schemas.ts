import * as z from 'zod';
import { Problem } from '#core/model/problems.ts';
import { westernDigits } from '#core/values/digits.ts';
import { readDisplayText } from '#core/values/display-text.ts';
import { readNationalId } from '#core/values/national-id.ts';
import { normalisePassword } from '#core/values/normalise-password.ts';
import { type Country, readPhone } from '#core/values/phone.ts';
import { readRecoveryCode } from '#core/values/recovery-code.ts';
import { readUsername } from '#core/values/username.ts';
import type { fieldMessages } from './field-messages.ts';

/** A string that `read` turns into its one canonical form, or refuses with a message of the catalogue. */
const canonical = (
  read: (text: string) => string | undefined,
  message: keyof typeof fieldMessages,
  longest = 64,
) =>
  z
    .string()
    .max(longest)
    .transform((text, context) => {
      const value = read(text);
      if (value !== undefined) return value;
      context.issues.push({ code: 'custom', message, input: text });
      return z.NEVER;
    });

const phone = (destinations: readonly Country[]) =>
  canonical((text) => {
    const result = readPhone(text, destinations);
    // A valid number of an unsupported country gets a problem of its own: the person made no mistake.
    if (result.kind === 'unsupported') throw new Problem('destination_unsupported');
    return result.kind === 'phone' ? result.phone : undefined;
  }, 'phone');
const nationalId = canonical(readNationalId, 'national_id');
const username = canonical(readUsername, 'username');
const readDigits = (text: string) => {
  const digits = westernDigits(text).replace(/[\s-]/g, '');
  return /^\d{6,8}$/.test(digits) ? digits : undefined;
};
const appCode = canonical(readDigits, 'code');
const anyCode = canonical((text) => readDigits(text) ?? readRecoveryCode(text), 'code');

/** A code and its method. A recovery code has 16 characters, and no other code does. */
const codeOf = <Method extends string>(methods: z.ZodType<Method>) =>
  z
    .strictObject({ method: methods, code: anyCode })
    .refine(({ method, code }) => (method === 'recovery-code') === (code.length === 16), {
      path: ['code'],
      error: 'code',
    });
const factorMethod = z.enum(['totp', 'recovery-code'], { error: 'method' });
const anyMethod = z.enum(['sms', 'totp', 'recovery-code'], { error: 'method' }).default('sms');

// 1,024 leaves room for 128 code points in any normal form. The policy itself reports too_long.
const password = z
  .string()
  .min(1, { error: 'password' })
  .max(1024)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\p{Cs}]*$/u, { error: 'password' })
  .transform(normalisePassword);
// Tickets and refresh tokens have a fixed length. An access token sent in place of one is longer, and the answer says
// so.
const ticket = z.string().min(1, { error: 'required' }).max(256);
const refreshToken = z.string().min(1, { error: 'required' }).max(8192);
// Only the length is checked: the secret of a forgotten device is ignored later.
const deviceSecret = z.string().max(256);

/** Where the client keeps the secrets of its session: `lambdas/http/token-transport.ts`. */
const tokens = z.literal('cookie', { error: 'token_transport' }).optional();
type Kept = { readonly tokens?: 'cookie' | undefined; readonly [secret: string]: unknown };
/** In cookie mode a secret must not be a field too: it would be unclear which of the two counts. */
const inOnePlace = (
  secret: 'device' | 'refreshToken',
): [(body: Kept) => boolean, { path: string[]; error: string }] => [
  (body) => body.tokens === undefined || body[secret] === undefined,
  { path: [secret], error: 'in_cookie' },
];

const termsVersion = z.string().max(64);

/** The body that starts a registration. The stage chooses whose mobiles it accepts. */
export const startRegistrationBody = (destinations: readonly Country[]) =>
  z.strictObject({ phone: phone(destinations) });

/** The body that moves an account to another phone. */
export const changePhoneBody = (destinations: readonly Country[]) =>
  z.strictObject({ phone: phone(destinations), currentPassword: password });

/** The body that starts a relying service's transaction. */
export const startTransactionBody = (destinations: readonly Country[]) =>
  z.strictObject({
    phone: phone(destinations),
    purpose: z.string().min(1, { error: 'required' }).max(64),
    // No SMS has room for more.
    display: canonical(readDisplayText, 'display', 160),
  });

/** A new password, typed twice. */
const newPassword = { newPassword: password, confirmPassword: password };
const sameTwice = <Schema extends z.ZodType<Record<keyof typeof newPassword, string>>>(
  schema: Schema,
) =>
  schema.refine((body) => body.newPassword === body.confirmPassword, {
    path: ['confirmPassword'],
    error: 'confirmation',
  });

/** The other bodies of the API, one schema a call. Unknown fields are refused, so a misspelt one is never ignored. */
export const bodies = {
  completeRegistration: z.strictObject({
    ticket,
    username,
    password,
    nationalId,
    termsVersion,
  }),
  startPasswordReset: z.strictObject({ username, nationalId }),
  completePasswordReset: sameTwice(
    z.strictObject({ ticket, ...newPassword, secondFactor: codeOf(factorMethod).optional() }),
  ),
  completePhoneChange: z.strictObject({ ticket, secondFactor: codeOf(factorMethod).optional() }),
  changePassword: sameTwice(z.strictObject({ currentPassword: password, ...newPassword })),
  /** For the steps that complete with a ticket alone. */
  ticket: z.strictObject({ ticket }),
  acceptTerms: z.strictObject({ termsVersion }),
  reauthenticate: z.strictObject({ currentPassword: password }),
  confirmTotp: z.strictObject({
    enrolment: z.string().min(1, { error: 'required' }).max(512),
    code: appCode,
  }),
  sendChallenge: z.strictObject({}),
  verifyChallenge: codeOf(anyMethod),
  logIn: z
    .strictObject({ username, password, tokens, device: deviceSecret.optional() })
    .refine(...inOnePlace('device')),
  completeLogin: z.strictObject({ ticket, tokens, rememberDevice: z.boolean().optional() }),
  session: z
    .strictObject({ tokens, refreshToken: refreshToken.optional() })
    .refine((body) => body.tokens !== undefined || body.refreshToken !== undefined, {
      path: ['refreshToken'],
      error: 'required',
    })
    .refine(...inOnePlace('refreshToken')),
};
