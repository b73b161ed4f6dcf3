import { bodies } from '../../lambdas/http/schemas.ts';
import { challengeAnswer, ticketAnswer } from '../answers.ts';
import type { Operations } from '../operation.ts';
import * as sample from '../samples.ts';

/** Send and verify a code: the same for every flow. */
export const challengeOperations: Operations = {
  'GET /challenges/{id}': {
    id: 'readChallenge',
    tag: 'challenges',
    summary: {
      en: 'Read a challenge, and where its SMS is',
      ar: 'قراءة التحدي وحالة رسالته النصية',
    },
    answers: {
      200: {
        says: { en: 'The challenge.', ar: 'التحدي.' },
        content: {
          schema: challengeAnswer,
          examples: { delivered: sample.challenge({ delivery: 'delivered' }) },
        },
      },
    },
    problems: ['challenge_expired'],
  },
  'POST /challenges/{id}/send': {
    id: 'sendChallenge',
    tag: 'challenges',
    summary: { en: 'Send the code, or send it again', ar: 'إرسال الرمز أو إعادة إرساله' },
    description:
      'The same code while the challenge lives. Before `sendAgainAt` it is `too_many_requests`.',
    body: { name: 'SendChallenge', schema: bodies.sendChallenge, examples: { empty: {} } },
    answers: {
      202: {
        says: { en: 'The code was sent.', ar: 'أُرسل الرمز.' },
        content: { schema: challengeAnswer, examples: { challenge: sample.challenge() } },
      },
    },
    problems: ['challenge_expired', 'challenge_locked'],
  },
  'POST /challenges/{id}/verify': {
    id: 'verifyChallenge',
    repeatable: true,
    tag: 'challenges',
    summary: { en: 'Verify a code', ar: 'التحقق من رمز' },
    description:
      '`method` says what the code is, one of the challenge’s `methods`; `sms` where it is left out. Arabic digits, spaces and hyphens are as good as any. The ticket completes the flow.',
    body: {
      name: 'VerifyChallenge',
      schema: bodies.verifyChallenge,
      examples: {
        sms: { code: '123456' },
        arabicDigits: { code: '١٢٣٤٥٦' },
        authenticatorApp: { method: 'totp', code: '123456' },
        recoveryCode: { method: 'recovery-code', code: sample.recoveryCode },
      },
    },
    answers: {
      200: {
        says: { en: 'The code is right.', ar: 'الرمز صحيح.' },
        content: { schema: ticketAnswer, examples: { ticket: sample.ticketGiven } },
      },
    },
    problems: ['code_incorrect', 'challenge_expired', 'challenge_locked'],
  },
};
