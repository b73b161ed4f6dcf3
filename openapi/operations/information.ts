import { terms } from '#core/model/terms.ts';
import { healthAnswer, openApiAnswer, termsAnswer } from '../answers.ts';
import type { Operations } from '../operation.ts';
import { termsVersion } from '../samples.ts';

const inLanguage = (language: 'ar' | 'en') => ({
  terms: { version: termsVersion, language, ...terms[language] },
});

/** Public information. */
export const informationOperations: Operations = {
  'GET /terms': {
    id: 'readTerms',
    tag: 'information',
    summary: { en: 'Read the terms of use', ar: 'قراءة شروط الاستخدام' },
    answers: {
      200: {
        says: { en: 'The current terms.', ar: 'الشروط الحالية.' },
        content: {
          schema: termsAnswer,
          examples: { en: inLanguage('en'), ar: inLanguage('ar') },
        },
      },
    },
    problems: [],
  },
  'GET /health': {
    id: 'readHealth',
    tag: 'information',
    summary: { en: 'Ask whether the API answers', ar: 'التحقق من عمل الواجهة' },
    answers: {
      200: {
        says: { en: 'It does.', ar: 'تعمل.' },
        content: { schema: healthAnswer, examples: { ok: { status: 'ok' } } },
      },
    },
    problems: [],
  },
  'GET /openapi.json': {
    id: 'readOpenApi',
    tag: 'information',
    summary: { en: 'Read this document', ar: 'قراءة هذه الوثيقة' },
    answers: {
      200: {
        says: { en: 'OpenAPI 3.1.', ar: 'وثيقة OpenAPI 3.1.' },
        content: { schema: openApiAnswer, examples: { beginning: { openapi: '3.1.1' } } },
      },
    },
    problems: [],
  },
};
