import * as bodies from '../../lambdas/http/bodies.ts';
import { challengeAnswer, phoneRestoredAnswer } from '../answers.ts';
import { answer, body, json, operationsOf } from '../operation.ts';
import * as sample from '../samples.ts';

/** Reset a forgotten password, and remind of a forgotten username. */
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
      'Every session ends and every remembered device is forgotten. An account with an authenticator app wants `secondFactor` too: send the same ticket again with it. In the 24 hours after a change of phone the code went to the former phone: the answer is 200 then, that phone is the account’s again, and **no password was set**. Say so, and when a reset sets one (`resetFrom`).',
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
    answers: {
      ...answer(
        200,
        {
          en: 'No password was set: the former phone is the account’s again.',
          ar: 'لم تُعيَّن كلمة مرور: عاد الجوال السابق إلى الحساب.',
        },
        json(phoneRestoredAnswer, { restored: sample.phoneRestored }),
      ),
      ...answer(204, { en: 'The password is the new one.', ar: 'تغيّرت كلمة المرور.' }),
    },
    problems: [
      'ticket_invalid',
      'password_rejected',
      'second_factor_required',
      'code_incorrect',
      'challenge_locked',
    ],
  },
  'POST /username-reminders': {
    id: 'remindUsername',
    summary: {
      en: 'Text a forgotten username to its phone',
      ar: 'إرسال اسم مستخدم منسي إلى جواله',
    },
    description:
      'The username is texted if the account of this national ID has this phone. There is one answer for everybody: it tells neither whether there is an account nor whether the phone is its. An SMS comes once an hour and twice a UTC day for each pair; further requests get the same answer. Tell people to look at their phone, and what to do if nothing comes.',
    body: body(
      'RemindUsername',
      json(bodies.remindUsername(['SA']), {
        person: { nationalId: sample.nationalId, phone: sample.phone },
      }),
    ),
    answers: answer(204, {
      en: 'If both belong together, the SMS is on its way.',
      ar: 'إن كان الاثنان لحساب واحد فالرسالة في الطريق.',
    }),
    problems: ['destination_unsupported'],
  },
});
