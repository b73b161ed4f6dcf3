import * as z from 'zod/mini';
import { feedbackFlows } from '#core/model/feedback.ts';
import { readDisplayText } from '#core/values/display-text.ts';
import type { Country } from '#core/values/phone.ts';
import {
  anyMethod,
  appCode,
  canonical,
  codeOf,
  currentPassword,
  deviceSecret,
  factorMethod,
  loginName,
  nationalId,
  newPassword,
  phone,
  recognition,
  refreshToken,
  termsVersion,
  textUpTo,
  ticket,
  username,
} from './fields.ts';

/*
 * The bodies of the API, one schema a call. Each is an export of its own, so that a function's bundle holds only those it
 * reads. Unknown fields are refused, so a misspelt one is never ignored.
 */

/** Where the client keeps the secrets of its session: `lambdas/http/token-transport.ts`. */
const tokens = z.optional(z.literal('cookie', { error: 'token_transport' }));
type Kept = { readonly tokens?: 'cookie' | undefined; readonly [secret: string]: unknown };
/** In cookie mode a secret must not be a field too: it would be unclear which of the two counts. */
const inOnePlace = (secret: 'device' | 'recognition' | 'refreshToken') =>
  z.refine<Kept>((body) => body.tokens === undefined || body[secret] === undefined, {
    path: [secret],
    error: 'in_cookie',
  });

/** The body that starts a registration. The stage chooses whose mobiles it accepts. */
export const startRegistration = (destinations: readonly Country[]) =>
  z.strictObject({ phone: phone(destinations) });

/** The body that moves an account to another phone. */
export const changePhone = (destinations: readonly Country[]) =>
  z.strictObject({ phone: phone(destinations), currentPassword });

/** The body that starts a relying service's transaction. */
export const startTransaction = (destinations: readonly Country[]) =>
  z.strictObject({
    phone: phone(destinations),
    purpose: textUpTo(64),
    // No SMS has room for more.
    display: canonical(readDisplayText, 'display', 160),
  });

/** A new password, typed twice. */
const newPasswordTwice = { newPassword, confirmPassword: newPassword };
const sameTwice = z.refine<Readonly<Record<keyof typeof newPasswordTwice, string>>>(
  (body) => body.newPassword === body.confirmPassword,
  { path: ['confirmPassword'], error: 'confirmation' },
);

export const completeRegistration = z.strictObject({
  ticket,
  username,
  password: newPassword,
  nationalId,
  termsVersion,
});

export const startPasswordReset = z.strictObject({ username, nationalId });

/** The body that asks for a forgotten username. */
export const remindUsername = (destinations: readonly Country[]) =>
  z.strictObject({ nationalId, phone: phone(destinations) });

export const completePasswordReset = z
  .strictObject({ ticket, ...newPasswordTwice, secondFactor: z.optional(codeOf(factorMethod)) })
  .check(sameTwice);

export const completePhoneChange = z.strictObject({
  ticket,
  secondFactor: z.optional(codeOf(factorMethod)),
});

export const changePassword = z
  .strictObject({ currentPassword, ...newPasswordTwice })
  .check(sameTwice);

/** For the steps that complete with a ticket alone. */
export const ticketAlone = z.strictObject({ ticket });

export const giveFeedback = z.strictObject({
  flow: z.enum(feedbackFlows, { error: 'flow' }),
  worked: z.boolean(),
});

export const acceptTerms = z.strictObject({ termsVersion });

export const reauthenticate = z.strictObject({ currentPassword });

export const confirmTotp = z.strictObject({ enrolment: textUpTo(512), code: appCode });

export const sendChallenge = z.strictObject({});

export const verifyChallenge = codeOf(anyMethod);

/** Where it is left out, an app is the person's own device and a browser is not. */
const ownDevice = z.optional(z.boolean());

/** The body of a login. The stage chooses whether a national ID is taken in place of the username. */
export const logIn = (takesNationalId: boolean) =>
  z
    .strictObject({
      username: loginName(takesNationalId),
      password: currentPassword,
      tokens,
      device: z.optional(deviceSecret),
      ticket: z.optional(ticket),
      ownDevice,
      recognition: z.optional(recognition),
    })
    .check(inOnePlace('device'), inOnePlace('recognition'));

export const completeLogin = z
  .strictObject({
    ticket,
    tokens,
    ownDevice,
    recognition: z.optional(recognition),
  })
  .check(inOnePlace('recognition'));

export const session = z.strictObject({ tokens, refreshToken: z.optional(refreshToken) }).check(
  z.refine((body) => body.tokens !== undefined || body.refreshToken !== undefined, {
    path: ['refreshToken'],
    error: 'required',
  }),
  inOnePlace('refreshToken'),
);
