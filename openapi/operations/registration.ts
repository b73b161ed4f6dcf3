import { bodies, startRegistrationBody } from '../../lambdas/http/schemas.ts';
import { accountAnswer, challengeAnswer } from '../answers.ts';
import type { Operations } from '../operation.ts';
import * as sample from '../samples.ts';

/** Opens an account: phone first, the rest once the phone is verified. */
export const registrationOperations: Operations = {
  'POST /registrations': {
    id: 'startRegistration',
    repeatable: true,
    tag: 'registration',
    summary: {
      en: 'Send a code to the phone of a new account',
      ar: 'إرسال رمز إلى جوال حساب جديد',
    },
    description:
      'The code is on its way with the answer. Verify it with `POST /challenges/{id}/verify`; the ticket completes the registration.',
    body: {
      name: 'StartRegistration',
      // The stage chooses whose mobiles it accepts. The shape of the body stays the same.
      schema: startRegistrationBody(['SA']),
      examples: {
        local: { phone: sample.phone },
        international: { phone: '+966551234567' },
        arabicDigits: { phone: '٠٥٥ ١٢٣ ٤٥٦٧' },
      },
    },
    answers: {
      202: {
        says: { en: 'The code was sent.', ar: 'أُرسل الرمز.' },
        content: { schema: challengeAnswer, examples: { challenge: sample.challenge() } },
      },
    },
    problems: ['destination_unsupported'],
  },
  'POST /registrations/complete': {
    id: 'completeRegistration',
    repeatable: true,
    tag: 'registration',
    summary: { en: 'Open the account', ar: 'فتح الحساب' },
    description:
      'What is refused leaves the ticket open: correct it and send it again until the ticket expires. `termsVersion` is the one of `GET /terms` that the person agreed to.',
    body: {
      name: 'CompleteRegistration',
      schema: bodies.completeRegistration,
      examples: {
        account: {
          ticket: sample.ticket,
          username: sample.username,
          password: sample.password,
          nationalId: sample.nationalId,
          termsVersion: sample.termsVersion,
        },
      },
    },
    answers: {
      201: {
        says: { en: 'The account is open.', ar: 'فُتح الحساب.' },
        content: { schema: accountAnswer, examples: { account: sample.account } },
      },
    },
    problems: [
      'ticket_invalid',
      'username_taken',
      'identity_registered',
      'destination_unsupported',
      'password_rejected',
      'terms_outdated',
    ],
  },
};
