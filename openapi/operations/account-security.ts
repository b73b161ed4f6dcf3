import { bodies, changePhoneBody } from '../../lambdas/http/schemas.ts';
import { accountAnswer, challengeAnswer } from '../answers.ts';
import type { Operations } from '../operation.ts';
import * as sample from '../samples.ts';

const currentPassword = sample.password;
const codeSent = { en: 'The code was sent.', ar: 'أُرسل الرمز.' };
const ticketBody = { schema: bodies.ticket, examples: { ticket: { ticket: sample.ticket } } };
const account = { schema: accountAnswer, examples: { account: sample.account } };

/** Changes to an account by its owner: password, phone, terms, closing. */
export const accountSecurityOperations: Operations = {
  'POST /account/password': {
    id: 'changePassword',
    tag: 'account',
    summary: { en: 'Change the password', ar: 'تغيير كلمة المرور' },
    description: 'Every other session ends.',
    body: {
      name: 'ChangePassword',
      schema: bodies.changePassword,
      examples: {
        passwords: {
          currentPassword,
          newPassword: sample.newPassword,
          confirmPassword: sample.newPassword,
        },
      },
    },
    answers: { 204: { says: { en: 'It is the new one.', ar: 'تغيّرت كلمة المرور.' } } },
    problems: ['credentials_incorrect', 'password_rejected'],
  },
  'POST /account/phone': {
    id: 'startPhoneChange',
    repeatable: true,
    tag: 'account',
    summary: { en: 'Send a code to the new phone', ar: 'إرسال رمز إلى الجوال الجديد' },
    body: {
      name: 'StartPhoneChange',
      schema: changePhoneBody(['SA']),
      examples: { phone: { phone: sample.phone, currentPassword } },
    },
    answers: {
      202: {
        says: codeSent,
        content: {
          schema: challengeAnswer,
          examples: { challenge: sample.challenge({ purpose: 'phone-change' }) },
        },
      },
    },
    problems: ['credentials_incorrect', 'destination_unsupported'],
  },
  'POST /account/phone/complete': {
    id: 'completePhoneChange',
    tag: 'account',
    summary: { en: 'Move the account to the new phone', ar: 'نقل الحساب إلى الجوال الجديد' },
    description:
      'For 24 hours the new phone takes no password reset, the account cannot be closed, and both phones are told of changes.',
    body: { name: 'CompletePhoneChange', ...ticketBody },
    answers: {
      200: {
        says: { en: 'The account has the new phone.', ar: 'للحساب جوال جديد.' },
        content: account,
      },
    },
    problems: ['ticket_invalid', 'destination_unsupported'],
  },
  'POST /account/terms': {
    id: 'acceptTerms',
    tag: 'account',
    summary: { en: 'Accept the current terms of use', ar: 'الموافقة على شروط الاستخدام الحالية' },
    description: 'Due where the account says `termsOutdated`.',
    body: {
      name: 'AcceptTerms',
      schema: bodies.acceptTerms,
      examples: { terms: { termsVersion: sample.termsVersion } },
    },
    answers: {
      200: { says: { en: 'The terms are accepted.', ar: 'تمت الموافقة.' }, content: account },
    },
    problems: ['terms_outdated'],
  },
  'POST /account/close': {
    id: 'startClosing',
    repeatable: true,
    tag: 'account',
    summary: { en: 'Ask to close the account', ar: 'طلب إغلاق الحساب' },
    body: {
      name: 'StartClosing',
      schema: bodies.reauthenticate,
      examples: { password: { currentPassword } },
    },
    answers: {
      202: {
        says: codeSent,
        content: {
          schema: challengeAnswer,
          examples: { challenge: sample.challenge({ purpose: 'account-closing' }) },
        },
      },
    },
    problems: ['credentials_incorrect'],
  },
  'POST /account/close/complete': {
    id: 'completeClosing',
    tag: 'account',
    summary: { en: 'Close the account for good', ar: 'إغلاق الحساب نهائيًا' },
    body: { name: 'CompleteClosing', ...ticketBody },
    answers: {
      204: { says: { en: 'Nothing of the person is left.', ar: 'لم يبق شيء من بيانات الشخص.' } },
    },
    problems: ['ticket_invalid'],
  },
};
