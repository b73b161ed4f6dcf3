import * as bodies from '../../lambdas/http/bodies.ts';
import { recoveryCodesAnswer, totpOfferAnswer } from '../answers.ts';
import { answer, body, json, operationsOf } from '../operation.ts';
import * as sample from '../samples.ts';

const reauthenticate = json(bodies.reauthenticate, {
  password: { currentPassword: sample.password },
});
const recoveryCodes = json(recoveryCodesAnswer, { recoveryCodes: sample.recoveryCodes });

/** Second factors of an account besides SMS. */
export const authenticatorOperations = operationsOf('authenticators', {
  'POST /account/authenticators/totp': {
    id: 'offerTotp',
    summary: { en: 'Get a secret for an authenticator app', ar: 'الحصول على سر لتطبيق المصادقة' },
    description:
      'It counts for nothing until a code confirms it, and a change of password, app or recovery codes closes it.',
    body: body('OfferTotp', reauthenticate),
    answers: answer(
      201,
      { en: 'The secret.', ar: 'السر.' },
      json(totpOfferAnswer, { offer: sample.totpOffer }),
    ),
    problems: ['credentials_incorrect'],
  },
  'POST /account/authenticators/totp/confirm': {
    id: 'confirmTotp',
    summary: {
      en: 'Confirm the authenticator app with a code',
      ar: 'تأكيد تطبيق المصادقة برمز منه',
    },
    description: 'The recovery codes are shown once: the person has to keep them.',
    body: body(
      'ConfirmTotp',
      json(bodies.confirmTotp, { code: { enrolment: sample.totpOffer.enrolment, code: '123456' } }),
    ),
    answers: answer(
      201,
      { en: 'The app counts; recovery codes.', ar: 'فُعّل التطبيق، وهذه رموز الاسترداد.' },
      recoveryCodes,
    ),
    problems: ['code_incorrect', 'challenge_expired'],
  },
  'DELETE /account/authenticators/totp': {
    id: 'removeTotp',
    summary: { en: 'Remove the authenticator app', ar: 'إزالة تطبيق المصادقة' },
    description: 'Its recovery codes go with it.',
    body: body('RemoveTotp', reauthenticate),
    answers: answer(204, { en: 'It is gone.', ar: 'أُزيل.' }),
    problems: ['credentials_incorrect'],
  },
  'POST /account/recovery-codes': {
    id: 'renewRecoveryCodes',
    summary: { en: 'Make new recovery codes', ar: 'إنشاء رموز استرداد جديدة' },
    description: 'The old ones are good no more.',
    body: body('RenewRecoveryCodes', reauthenticate),
    answers: answer(201, { en: 'The new codes.', ar: 'الرموز الجديدة.' }, recoveryCodes),
    problems: ['credentials_incorrect'],
  },
});
