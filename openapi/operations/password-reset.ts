import { bodies } from '../../lambdas/http/schemas.ts';
import { challengeAnswer } from '../answers.ts';
import { answer, body, json, operationsOf } from '../operation.ts';
import * as sample from '../samples.ts';

/** Reset a forgotten password. */
export const passwordResetOperations = operationsOf('password-reset', {
  'POST /password-resets': {
    id: 'startPasswordReset',
    repeatable: true,
    summary: {
      en: 'Start the reset of a forgotten password',
      ar: 'بدء إعادة تعيين كلمة مرور منسية',
    },
    description:
      'Nothing is sent yet: `POST /challenges/{id}/send` does that. A pair that is no account’s gets the same answer, and a challenge that never verifies. No answer tells the phone.',
    body: body(
      'StartPasswordReset',
      json(bodies.startPasswordReset, {
        person: { username: sample.username, nationalId: sample.nationalId },
      }),
    ),
    answers: answer(
      202,
      { en: 'Send the code next.', ar: 'أرسل الرمز في الخطوة التالية.' },
      json(challengeAnswer, {
        challenge: sample.challenge({ purpose: 'password-reset', destination: null, sent: false }),
      }),
    ),
    problems: [],
  },
  'POST /password-resets/complete': {
    id: 'completePasswordReset',
    repeatable: true,
    summary: { en: 'Set the new password', ar: 'تعيين كلمة المرور الجديدة' },
    description:
      'Every session ends and every remembered device is forgotten. An account with an authenticator app wants `secondFactor` too: send the same ticket again with it.',
    body: body(
      'CompletePasswordReset',
      json(bodies.completePasswordReset, {
        password: {
          ticket: sample.ticket,
          newPassword: sample.newPassword,
          confirmPassword: sample.newPassword,
        },
        withAuthenticatorApp: {
          ticket: sample.ticket,
          newPassword: sample.newPassword,
          confirmPassword: sample.newPassword,
          secondFactor: { method: 'totp', code: '123456' },
        },
      }),
    ),
    answers: answer(204, { en: 'The password is the new one.', ar: 'تغيّرت كلمة المرور.' }),
    problems: [
      'ticket_invalid',
      'password_rejected',
      'second_factor_required',
      'code_incorrect',
      'challenge_locked',
    ],
  },
});
