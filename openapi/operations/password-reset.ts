import { bodies } from '../../lambdas/http/schemas.ts';
import { challengeAnswer } from '../answers.ts';
import type { Operations } from '../operation.ts';
import * as sample from '../samples.ts';

/** Reset a forgotten password. */
export const passwordResetOperations: Operations = {
  'POST /password-resets': {
    id: 'startPasswordReset',
    repeatable: true,
    tag: 'password-reset',
    summary: {
      en: 'Start the reset of a forgotten password',
      ar: 'بدء إعادة تعيين كلمة مرور منسية',
    },
    description:
      'Nothing is sent yet: `POST /challenges/{id}/send` does that. A pair that is no account’s gets the same answer, and a challenge that never verifies.',
    body: {
      name: 'StartPasswordReset',
      schema: bodies.startPasswordReset,
      examples: { person: { username: sample.username, nationalId: sample.nationalId } },
    },
    answers: {
      202: {
        says: { en: 'Send the code next.', ar: 'أرسل الرمز في الخطوة التالية.' },
        content: {
          schema: challengeAnswer,
          examples: {
            challenge: sample.challenge({ purpose: 'password-reset', sent: false }),
          },
        },
      },
    },
    problems: [],
  },
  'POST /password-resets/complete': {
    id: 'completePasswordReset',
    repeatable: true,
    tag: 'password-reset',
    summary: { en: 'Set the new password', ar: 'تعيين كلمة المرور الجديدة' },
    description:
      'Every session ends and every remembered device is forgotten. An account with an authenticator app wants `secondFactor` too: send the same ticket again with it.',
    body: {
      name: 'CompletePasswordReset',
      schema: bodies.completePasswordReset,
      examples: {
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
      },
    },
    answers: {
      204: { says: { en: 'The password is the new one.', ar: 'تغيّرت كلمة المرور.' } },
    },
    problems: [
      'ticket_invalid',
      'password_rejected',
      'second_factor_required',
      'code_incorrect',
      'challenge_locked',
    ],
  },
};
