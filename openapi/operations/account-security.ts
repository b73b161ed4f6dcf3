import * as bodies from '../../lambdas/http/bodies.ts';
import { accountAnswer } from '../answers.ts';
import { answer, body, json, operationsOf } from '../operation.ts';
import * as sample from '../samples.ts';
import { codeSent } from './code-sent.ts';

const currentPassword = sample.password;
const ticketBody = json(bodies.ticketAlone, { ticket: { ticket: sample.ticket } });
const account = json(accountAnswer, { account: sample.account });

/** Changes to an account by its owner: password, phone, terms, closing. */
export const accountSecurityOperations = operationsOf('account', {
  'POST /account/password': {
    id: 'changePassword',
    summary: { en: 'Change the password', ar: 'تغيير كلمة المرور' },
    description: 'Every other session ends.',
    body: body(
      'ChangePassword',
      json(bodies.changePassword, {
        passwords: {
          currentPassword,
          newPassword: sample.newPassword,
          confirmPassword: sample.newPassword,
        },
      }),
    ),
    answers: answer(204, { en: 'It is the new one.', ar: 'تغيّرت كلمة المرور.' }),
    problems: ['credentials_incorrect', 'password_rejected'],
  },
  'POST /account/phone': {
    id: 'startPhoneChange',
    repeatable: true,
    summary: { en: 'Send a code to the new phone', ar: 'إرسال رمز إلى الجوال الجديد' },
    body: body(
      'StartPhoneChange',
      json(bodies.changePhone(['SA']), { phone: { phone: sample.phone, currentPassword } }),
    ),
    answers: codeSent({ purpose: 'phone-change' }),
    problems: ['credentials_incorrect', 'destination_unsupported'],
  },
  'POST /account/phone/complete': {
    id: 'completePhoneChange',
    summary: { en: 'Move the account to the new phone', ar: 'نقل الحساب إلى الجوال الجديد' },
    description:
      'For 24 hours the new phone takes no password reset, the account cannot be closed, and both phones are told of changes. A reset that is started in that time goes to the former phone and brings it back. `secondFactor` confirms the change with a factor that the account has had for 24 hours: then none of this applies.',
    body: body(
      'CompletePhoneChange',
      json(bodies.completePhoneChange, {
        ticket: { ticket: sample.ticket },
        withAuthenticatorApp: {
          ticket: sample.ticket,
          secondFactor: { method: 'totp', code: '123456' },
        },
      }),
    ),
    answers: answer(
      200,
      { en: 'The account has the new phone.', ar: 'للحساب جوال جديد.' },
      account,
    ),
    problems: ['ticket_invalid', 'phone_full', 'code_incorrect', 'challenge_locked'],
  },
  'POST /account/terms': {
    id: 'acceptTerms',
    summary: { en: 'Accept the current terms of use', ar: 'الموافقة على شروط الاستخدام الحالية' },
    description: 'Due where the account says `termsOutdated`.',
    body: body(
      'AcceptTerms',
      json(bodies.acceptTerms, { terms: { termsVersion: sample.termsVersion } }),
    ),
    answers: answer(200, { en: 'The terms are accepted.', ar: 'تمت الموافقة.' }, account),
    problems: ['terms_outdated'],
  },
  'POST /account/close': {
    id: 'startClosing',
    repeatable: true,
    summary: { en: 'Ask to close the account', ar: 'طلب إغلاق الحساب' },
    body: body('StartClosing', json(bodies.reauthenticate, { password: { currentPassword } })),
    answers: codeSent({ purpose: 'account-closing' }),
    problems: ['credentials_incorrect'],
  },
  'POST /account/close/complete': {
    id: 'completeClosing',
    summary: { en: 'Close the account for good', ar: 'إغلاق الحساب نهائيًا' },
    body: body('CompleteClosing', ticketBody),
    answers: answer(204, {
      en: 'Nothing of the person is left.',
      ar: 'لم يبق شيء من بيانات الشخص.',
    }),
    problems: ['ticket_invalid'],
  },
});
