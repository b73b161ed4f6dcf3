import { type ProblemCode, problemKinds } from '#core/model/problems.ts';
import type { SecurityEventType } from '#core/model/records.ts';
import type { PasswordReason } from '#core/values/password.ts';
import { reasonTexts } from '#core/values/password-reasons.ts';

export type { SecurityEventType };

/** As values: the record makes the compiler say where one is missing. */
const eventTypes: Record<SecurityEventType, true> = {
  'account.opened': true,
  'account.closed': true,
  'data.exported': true,
  'device.remembered': true,
  'password.changed': true,
  'password.reset': true,
  'phone.changed': true,
  'recovery-code.used': true,
  'recovery-codes.created': true,
  'session.ended': true,
  'session.reuse-detected': true,
  'session.started': true,
  'terms.accepted': true,
  'totp.enrolled': true,
  'totp.removed': true,
};

export const securityEventTypes = Object.keys(eventTypes) as SecurityEventType[];
export const problemCodes = Object.keys(problemKinds) as ProblemCode[];
export const passwordReasons = Object.keys(reasonTexts) as PasswordReason[];
