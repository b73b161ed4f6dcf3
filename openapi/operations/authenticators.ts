import { bodies } from '../../lambdas/http/schemas.ts';
import { recoveryCodesAnswer, totpOfferAnswer } from '../answers.ts';
import type { Operations } from '../operation.ts';
import * as sample from '../samples.ts';

const reauthenticate = {
  schema: bodies.reauthenticate,
  examples: { password: { currentPassword: sample.password } },
};
const recoveryCodes = {
  schema: recoveryCodesAnswer,
  examples: { recoveryCodes: sample.recoveryCodes },
};

/** Second factors of an account besides SMS. */
export const authenticatorOperations: Operations = {
  'POST /account/authenticators/totp': {
    id: 'offerTotp',
    tag: 'authenticators',
    summary: { en: 'Get a secret for an authenticator app', ar: 'الحصول على سر لتطبيق المصادقة' },
    description:
      'It counts for nothing until a code confirms it, and a change of password, app or recovery codes closes it.',
    body: { name: 'OfferTotp', ...reauthenticate },
    answers: {
      201: {
        says: { en: 'The secret.', ar: 'السر.' },
        content: { schema: totpOfferAnswer, examples: { offer: sample.totpOffer } },
      },
    },
    problems: ['credentials_incorrect'],
  },
  'POST /account/authenticators/totp/confirm': {
    id: 'confirmTotp',
    tag: 'authenticators',
    summary: {
      en: 'Confirm the authenticator app with a code',
      ar: 'تأكيد تطبيق المصادقة برمز منه',
    },
    description: 'The recovery codes are shown once: the person has to keep them.',
    body: {
      name: 'ConfirmTotp',
      schema: bodies.confirmTotp,
      examples: { code: { enrolment: sample.totpOffer.enrolment, code: '123456' } },
    },
    answers: {
      201: {
        says: { en: 'The app counts; recovery codes.', ar: 'فُعّل التطبيق، وهذه رموز الاسترداد.' },
        content: recoveryCodes,
      },
    },
    problems: ['code_incorrect', 'challenge_expired'],
  },
  'DELETE /account/authenticators/totp': {
    id: 'removeTotp',
    tag: 'authenticators',
    summary: { en: 'Remove the authenticator app', ar: 'إزالة تطبيق المصادقة' },
    description: 'Its recovery codes go with it.',
    body: { name: 'RemoveTotp', ...reauthenticate },
    answers: { 204: { says: { en: 'It is gone.', ar: 'أُزيل.' } } },
    problems: ['credentials_incorrect'],
  },
  'POST /account/recovery-codes': {
    id: 'renewRecoveryCodes',
    tag: 'authenticators',
    summary: { en: 'Make new recovery codes', ar: 'إنشاء رموز استرداد جديدة' },
    description: 'The old ones are good no more.',
    body: { name: 'RenewRecoveryCodes', ...reauthenticate },
    answers: {
      201: { says: { en: 'The new codes.', ar: 'الرموز الجديدة.' }, content: recoveryCodes },
    },
    problems: ['credentials_incorrect'],
  },
};
