import * as bodies from '../../lambdas/http/bodies.ts';
import { accountAnswer } from '../answers.ts';
import { answer, body, json, operationsOf } from '../operation.ts';
import * as sample from '../samples.ts';
import { codeSent } from './code-sent.ts';

/** Opens an account: phone first, the rest once the phone is verified. */
export const registrationOperations = operationsOf('registration', {
  'POST /registrations': {
    id: 'startRegistration',
    repeatable: true,
    summary: {
      en: 'Send a code to the phone of a new account',
      ar: 'إرسال رمز إلى جوال حساب جديد',
    },
    description:
      'The code is on its way with the answer. Verify it with `POST /challenges/{id}/verify`; the ticket completes the registration.',
    // The stage chooses whose mobiles it accepts. The shape of the body stays the same.
    body: body(
      'StartRegistration',
      json(bodies.startRegistration(['SA']), {
        local: { phone: sample.phone },
        international: { phone: '+966551234567' },
        arabicDigits: { phone: '٠٥٥ ١٢٣ ٤٥٦٧' },
      }),
    ),
    answers: codeSent(),
    problems: ['destination_unsupported'],
  },
  'POST /registrations/complete': {
    id: 'completeRegistration',
    repeatable: true,
    summary: { en: 'Open the account', ar: 'فتح الحساب' },
    description:
      'What is refused leaves the ticket open: correct it and send it again until the ticket expires. `termsVersion` is the one of `GET /terms` that the person agreed to.',
    body: body(
      'CompleteRegistration',
      json(bodies.completeRegistration, {
        account: {
          ticket: sample.ticket,
          username: sample.username,
          password: sample.password,
          nationalId: sample.nationalId,
          termsVersion: sample.termsVersion,
        },
      }),
    ),
    answers: answer(
      201,
      { en: 'The account is open.', ar: 'فُتح الحساب.' },
      json(accountAnswer, { account: sample.account }),
    ),
    problems: [
      'ticket_invalid',
      'username_taken',
      'identity_registered',
      'phone_full',
      'password_rejected',
      'terms_outdated',
    ],
  },
});
