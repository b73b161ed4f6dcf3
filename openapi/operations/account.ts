import { accountAnswer, exportAnswer, sessionsAnswer } from '../answers.ts';
import type { Operations } from '../operation.ts';
import * as sample from '../samples.ts';

/** The account and its sessions, for their owner. */
export const accountOperations: Operations = {
  'GET /account': {
    id: 'readAccount',
    tag: 'account',
    summary: { en: 'Read the account', ar: 'قراءة الحساب' },
    answers: {
      200: {
        says: {
          en: 'The account; phone and national ID masked.',
          ar: 'الحساب، والجوال والهوية مخفيان.',
        },
        content: { schema: accountAnswer, examples: { account: sample.account } },
      },
    },
    problems: [],
  },
  'GET /account/sessions': {
    id: 'listSessions',
    tag: 'account',
    summary: { en: 'List the sessions', ar: 'عرض الجلسات' },
    answers: {
      200: {
        says: { en: 'Last used first.', ar: 'الأحدث استخدامًا أولًا.' },
        content: { schema: sessionsAnswer, examples: { sessions: sample.sessions } },
      },
    },
    problems: [],
  },
  'DELETE /account/sessions': {
    id: 'endOtherSessions',
    tag: 'account',
    summary: { en: 'End all other sessions', ar: 'إنهاء كل الجلسات الأخرى' },
    description: 'The devices they were opened on are forgotten.',
    answers: { 204: { says: { en: 'They are over.', ar: 'انتهت.' } } },
    problems: [],
  },
  'DELETE /account/sessions/{id}': {
    id: 'endSession',
    tag: 'account',
    summary: { en: 'End one session', ar: 'إنهاء جلسة' },
    description: 'The device it was opened on is forgotten with it. It may be the current one.',
    answers: { 204: { says: { en: 'It is over.', ar: 'انتهت.' } } },
    problems: ['not_found'],
  },
  'GET /account/export': {
    id: 'exportAccount',
    tag: 'account',
    summary: {
      en: 'Export everything that is kept of the person',
      ar: 'تصدير كل بيانات الشخص المحفوظة',
    },
    description: 'Five times an hour and ten times a day for an account.',
    answers: {
      200: {
        says: { en: 'A copy of the data (PDPL Art. 4).', ar: 'نسخة من البيانات.' },
        content: { schema: exportAnswer, examples: { export: sample.accountExport } },
      },
    },
    problems: [],
  },
};
