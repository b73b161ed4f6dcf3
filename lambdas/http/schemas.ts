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
    // A good number in the wrong place is an answer of its own: the person typed it well.
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

/** A code and what it is said to be: a recovery code is no digits, and nothing else is a recovery code. */
const codeOf = <Method extends string>(methods: z.ZodType<Method>) =>
  z
    .strictObject({ method: methods, code: anyCode })
    .refine(({ method, code }) => (method === 'recovery-code') === (code.length === 16), {
      path: ['code'],
      error: 'code',
    });
const factorMethod = z.enum(['totp', 'recovery-code'], { error: 'method' });
const anyMethod = z.enum(['sms', 'totp', 'recovery-code'], { error: 'method' }).default('sms');

// 1,024 leaves room for 128 code points in any normal form; the policy itself speaks of too_long.
const password = z
  .string()
  .min(1, { error: 'password' })
  .max(1024)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\p{Cs}]*$/u, { error: 'password' })
  .transform(normalisePassword);
// Tickets and refresh tokens have one length; an access token sent for one is told so, and is longer.
const ticket = z.string().min(1, { error: 'required' }).max(256);
const refreshToken = z.string().min(1, { error: 'required' }).max(8192);
// One that is no device's any more is as good as none: only its length is checked.
const deviceSecret = z.string().max(256);

/** Where the client keeps the secrets of its session: `lambdas/http/token-transport.ts`. */
const tokens = z.literal('cookie', { error: 'token_transport' }).optional();
type Kept = { readonly tokens?: 'cookie' | undefined; readonly [secret: string]: unknown };
/** A secret has one place: by cookie it is no field as well, which one of two would be meant? */
const inOnePlace = (
  secret: 'device' | 'refreshToken',
): [(body: Kept) => boolean, { path: string[]; error: string }] => [
  (body) => body.tokens === undefined || body[secret] === undefined,
  { path: [secret], error: 'in_cookie' },
];

const termsVersion = z.string().max(64);

/** The body that starts a registration: whose mobiles it takes is the stage's choice. */
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

/** The other bodies of the API, one schema a call. Unknown fields are refused: a misspelt one is never ignored. */
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
  changePassword: sameTwice(z.strictObject({ currentPassword: password, ...newPassword })),
  /** Of the steps at the end of which a ticket is all that is needed. */
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
