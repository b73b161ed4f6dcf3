import * as bodies from '../../lambdas/http/bodies.ts';
import { loginAnswer, loginChallengeAnswer, tokensAnswer } from '../answers.ts';
import { answer, body, json, operationsOf } from '../operation.ts';
import * as sample from '../samples.ts';

const opened = { en: 'A session, and its tokens.', ar: 'جلسة ورموزها.' };
const credentials = { username: sample.username, password: sample.password };
const sessionBodies = { app: sample.refresh, browser: sample.byCookie };
const loginExamples = {
  app: { ...sample.tokensInBody, recognition: sample.recognition },
  browser: { ...sample.tokensByCookie, recognition: sample.recognitionByCookie },
};
const tokenExamples = { app: sample.tokensInBody, browser: sample.tokensByCookie };

/** Log in, stay logged in, log out. */
export const sessionOperations = operationsOf('sessions', {
  'POST /sessions': {
    id: 'logIn',
    repeatable: true,
    summary: {
      en: 'Log in with username and password',
      ar: 'تسجيل الدخول باسم المستخدم وكلمة المرور',
    },
    description:
      'On a device that is remembered, and where the stage asks for no second factor, the session opens (201). Elsewhere one is due (202): answer the challenge, then `POST /sessions/complete` with its ticket. For ten minutes the `ticket` that completed the account’s registration or password reset is the second factor of one login. `ownDevice` counts where the session opens at once, as at `POST /sessions/complete`. Where the tries at a name or from an address are used up, the phone is proved first (202 with `passwordDue`): answer the challenge, then send the password again, with its ticket.',
    cookies: 'deviceCookie',
    body: body(
      'LogIn',
      json(bodies.logIn(true), {
        app: credentials,
        rememberedDevice: { ...credentials, device: sample.device.secret },
        afterReset: { ...credentials, ticket: sample.ticket },
        browser: { ...credentials, ownDevice: true, ...sample.byCookie },
      }),
    ),
    answers: {
      ...answer(201, opened, json(loginAnswer, loginExamples)),
      ...answer(
        202,
        { en: 'A code is due.', ar: 'مطلوب رمز تحقق.' },
        json(loginChallengeAnswer, {
          sms: { ...sample.challenge({ purpose: 'login' }), passwordDue: false },
          authenticatorApp: {
            ...sample.challenge({
              purpose: 'login',
              method: 'totp',
              methods: ['totp', 'recovery-code', 'sms'],
              sent: false,
            }),
            passwordDue: false,
          },
          phoneFirst: {
            ...sample.challenge({
              purpose: 'phone-first',
              methods: ['sms', 'totp', 'recovery-code'],
              destination: null,
              sent: false,
            }),
            passwordDue: true,
          },
        }),
      ),
    },
    problems: ['credentials_incorrect'],
  },
  'POST /sessions/complete': {
    id: 'completeLogin',
    repeatable: true,
    summary: {
      en: 'Log in with the ticket of a second factor',
      ar: 'إكمال تسجيل الدخول بعد رمز التحقق',
    },
    description:
      'With `ownDevice: true` the answer has a `device`: its secret goes into `POST /sessions` the next time, which then needs no code. With `false`, the session ends after `idleSeconds` without a refresh, 20 minutes by default, and its cookie with the browser. `recognition` goes into the next login of anybody on this device: the owner of an account that logged in here before gets no SMS about a new device.',
    cookies: 'none',
    body: body(
      'CompleteLogin',
      json(bodies.completeLogin, {
        app: { ticket: sample.ticket, ownDevice: true },
        browser: { ticket: sample.ticket, ownDevice: true, ...sample.byCookie },
      }),
    ),
    answers: answer(
      201,
      opened,
      json(loginAnswer, {
        app: {
          ...sample.tokensInBody,
          device: sample.device,
          recognition: sample.recognition,
        },
        browser: {
          ...sample.tokensByCookie,
          device: sample.deviceByCookie,
          recognition: sample.recognitionByCookie,
        },
      }),
    ),
    problems: ['ticket_invalid'],
  },
  'POST /sessions/refresh': {
    id: 'refreshSession',
    summary: { en: 'Exchange the refresh token for fresh tokens', ar: 'تجديد رموز الجلسة' },
    description:
      'A refresh token is good once; the answer has the next. One that is used again later ends the session, for it was stolen.',
    cookies: 'sessionCookie',
    body: body('RefreshSession', json(bodies.session, sessionBodies)),
    answers: answer(201, opened, json(tokensAnswer, tokenExamples)),
    problems: ['unauthenticated'],
  },
  'POST /sessions/revoke': {
    id: 'revokeSession',
    summary: { en: 'Log out', ar: 'تسجيل الخروج' },
    description: 'A refresh token that nobody knows (any more) is no error: the session is over.',
    cookies: 'sessionCookie',
    body: body('RevokeSession', json(bodies.session, sessionBodies)),
    answers: answer(204, { en: 'The session is over.', ar: 'انتهت الجلسة.' }),
    problems: ['unauthenticated'],
  },
});
