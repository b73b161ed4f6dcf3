import { challengeAnswer } from '../answers.ts';
import { answer, json } from '../operation.ts';
import { challenge } from '../samples.ts';

/**
 * The answer of an operation that sends a code.
 * @param change what the example's challenge has besides the defaults of `samples.ts`
 */
export const codeSent = (change: object = {}) =>
  answer(
    202,
    { en: 'The code was sent.', ar: 'أُرسل الرمز.' },
    json(challengeAnswer, { challenge: challenge(change) }),
  );
