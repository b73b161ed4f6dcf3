import * as bodies from '../../lambdas/http/bodies.ts';
import { challengeAnswer, ticketAnswer } from '../answers.ts';
import { answer, body, json, operationsOf } from '../operation.ts';
import * as sample from '../samples.ts';
import { codeSent } from './code-sent.ts';

/** Send and verify a code: the same for every flow. */
export const challengeOperations = operationsOf('challenges', {
  'GET /challenges/{id}': {
    id: 'readChallenge',
    summary: {
      en: 'Read a challenge, and where its SMS is',
      ar: 'قراءة التحدي وحالة رسالته النصية',
    },
    answers: answer(
      200,
      { en: 'The challenge.', ar: 'التحدي.' },
      json(challengeAnswer, { delivered: sample.challenge({ delivery: 'delivered' }) }),
    ),
    problems: ['challenge_expired'],
  },
  'POST /challenges/{id}/send': {
    id: 'sendChallenge',
    summary: { en: 'Send the code, or send it again', ar: 'إرسال الرمز أو إعادة إرساله' },
    description:
      'The same code while the challenge lives. Before `sendAgainAt` it is `too_many_requests`.',
    body: body('SendChallenge', json(bodies.sendChallenge, { empty: {} })),
    answers: codeSent(),
    problems: ['challenge_expired', 'challenge_locked'],
  },
  'POST /challenges/{id}/verify': {
    id: 'verifyChallenge',
    repeatable: true,
    summary: { en: 'Verify a code', ar: 'التحقق من رمز' },
    description:
      '`method` says what the code is, one of the challenge’s `methods`; `sms` where it is left out. Arabic digits, spaces and hyphens are as good as any. The ticket completes the flow.',
    body: body(
      'VerifyChallenge',
      json(bodies.verifyChallenge, {
        sms: { code: '123456' },
        arabicDigits: { code: '١٢٣٤٥٦' },
        authenticatorApp: { method: 'totp', code: '123456' },
        recoveryCode: { method: 'recovery-code', code: sample.recoveryCode },
      }),
    ),
    answers: answer(
      200,
      { en: 'The code is right.', ar: 'الرمز صحيح.' },
      json(ticketAnswer, { ticket: sample.ticketGiven }),
    ),
    problems: ['code_incorrect', 'challenge_expired', 'challenge_locked'],
  },
  'POST /tickets/extend': {
    id: 'extendTicket',
    summary: { en: 'Get more time for a form', ar: 'طلب وقت أطول لتعبئة النموذج' },
    description:
      'Makes the ticket of a registration or a password reset good for its usual ten minutes from now, and at most 30 minutes after its code was verified. Go on with the ticket of the answer. Warn people before a ticket ends, and let them ask for more time (WCAG 2.2.1).',
    body: body('ExtendTicket', json(bodies.ticketAlone, { ticket: { ticket: sample.ticket } })),
    answers: answer(
      200,
      { en: 'The ticket with its new end.', ar: 'التذكرة بنهايتها الجديدة.' },
      json(ticketAnswer, { ticket: sample.ticketGiven }),
    ),
    problems: ['ticket_invalid'],
  },
});
