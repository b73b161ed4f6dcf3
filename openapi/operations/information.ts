import { terms } from '#core/model/terms.ts';
import { giveFeedback } from '../../lambdas/http/bodies.ts';
import { healthAnswer, openApiAnswer, termsAnswer } from '../answers.ts';
import { answer, body, json, operationsOf } from '../operation.ts';
import { termsVersion } from '../samples.ts';

const inLanguage = (language: 'ar' | 'en') => ({
  terms: { version: termsVersion, language, ...terms[language] },
});

/** Public information. */
export const informationOperations = operationsOf('information', {
  'GET /terms': {
    id: 'readTerms',
    summary: { en: 'Read the terms of use', ar: 'قراءة شروط الاستخدام' },
    answers: answer(
      200,
      { en: 'The current terms.', ar: 'الشروط الحالية.' },
      json(termsAnswer, { en: inLanguage('en'), ar: inLanguage('ar') }),
    ),
    problems: [],
  },
  'POST /feedback': {
    id: 'giveFeedback',
    summary: { en: 'Say whether a flow worked', ar: 'الإفادة عن نجاح خطوة' },
    description:
      'For the question that follows a flow. The answer is counted, without anything that says whose it is.',
    body: body(
      'GiveFeedback',
      json(giveFeedback, {
        yes: { flow: 'login', worked: true },
        no: { flow: 'export', worked: false },
      }),
    ),
    answers: answer(204, { en: 'It is counted.', ar: 'حُسب الجواب.' }),
    problems: [],
  },
  'GET /health': {
    id: 'readHealth',
    summary: { en: 'Ask whether the API answers', ar: 'التحقق من عمل الواجهة' },
    answers: answer(
      200,
      { en: 'It does.', ar: 'تعمل.' },
      json(healthAnswer, { ok: { status: 'ok' } }),
    ),
    problems: [],
  },
  'GET /openapi.json': {
    id: 'readOpenApi',
    summary: { en: 'Read this document', ar: 'قراءة هذه الوثيقة' },
    answers: answer(
      200,
      { en: 'OpenAPI 3.1.', ar: 'وثيقة OpenAPI 3.1.' },
      json(openApiAnswer, { beginning: { openapi: '3.1.1' } }),
    ),
    problems: [],
  },
});
