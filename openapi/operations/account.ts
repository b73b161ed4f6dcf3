import { accountAnswer, exportAnswer, sessionsAnswer } from '../answers.ts';
import { answer, json, operationsOf } from '../operation.ts';
import * as sample from '../samples.ts';

/** The account and its sessions, for their owner. */
export const accountOperations = operationsOf('account', {
  'GET /account': {
    id: 'readAccount',
    summary: { en: 'Read the account', ar: 'قراءة الحساب' },
    answers: answer(
      200,
      {
        en: 'The account; phone and national ID masked.',
        ar: 'الحساب، والجوال والهوية مخفيان.',
      },
      json(accountAnswer, { account: sample.account }),
    ),
    problems: [],
  },
  'GET /account/sessions': {
    id: 'listSessions',
    summary: { en: 'List the sessions', ar: 'عرض الجلسات' },
    answers: answer(
      200,
      { en: 'Last used first.', ar: 'الأحدث استخدامًا أولًا.' },
      json(sessionsAnswer, { sessions: sample.sessions }),
    ),
    problems: [],
  },
  'DELETE /account/sessions': {
    id: 'endOtherSessions',
    summary: { en: 'End all other sessions', ar: 'إنهاء كل الجلسات الأخرى' },
    description: 'The devices they were opened on are forgotten.',
    answers: answer(204, { en: 'They are over.', ar: 'انتهت.' }),
    problems: [],
  },
  'DELETE /account/sessions/{id}': {
    id: 'endSession',
    summary: { en: 'End one session', ar: 'إنهاء جلسة' },
    description: 'The device it was opened on is forgotten with it. It may be the current one.',
    answers: answer(204, { en: 'It is over.', ar: 'انتهت.' }),
    problems: ['not_found'],
  },
  'GET /account/export': {
    id: 'exportAccount',
    summary: {
      en: 'Export everything that is kept of the person',
      ar: 'تصدير كل بيانات الشخص المحفوظة',
    },
    description: 'Five times an hour and ten times a day for an account.',
    answers: answer(
      200,
      { en: 'A copy of the data (PDPL Art. 4).', ar: 'نسخة من البيانات.' },
      json(exportAnswer, { export: sample.accountExport }),
    ),
    problems: [],
  },
});
