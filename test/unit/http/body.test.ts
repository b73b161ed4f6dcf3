import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '#core/model/problems.ts';
import * as schemas from '../../../lambdas/http/bodies.ts';
import { readBody } from '../../../lambdas/http/body.ts';
import { fieldMessages } from '../../../lambdas/http/field-messages.ts';
import { apiEvent } from '../../support/fakes/api-event.ts';

const bodies = {
  ...schemas,
  startRegistration: schemas.startRegistration(['SA']),
  startTransaction: schemas.startTransaction(['SA']),
  changePhone: schemas.changePhone(['SA']),
  remindUsername: schemas.remindUsername(['SA']),
  logIn: schemas.logIn(true),
};

const headers = { 'Content-Type': 'application/json' };
type Call = keyof typeof bodies;
type Message = keyof typeof fieldMessages;

/** The problem that a call answers to a body, or nothing. */
function refusal(call: Call, shape: Parameters<typeof apiEvent>[1]): Problem | undefined {
  try {
    readBody(bodies[call], apiEvent('POST /any', { headers, ...shape }));
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

function errorsOf(problem: Problem | undefined): [string, Message | undefined][] {
  expect(problem?.code).toBe('invalid_request');
  const names = Object.keys(fieldMessages) as Message[];
  return (problem?.extras.errors ?? []).map(({ path, message }) => [
    path,
    names.find((name) => fieldMessages[name] === message),
  ]);
}

const good = {
  startRegistration: { phone: '٠٥٥١٢٣٤٥٦٧' },
  completeRegistration: {
    ticket: 'ticket',
    username: 'Nora.S',
    password: 'river wolf teapot',
    nationalId: '١٠٠٠٠٠٠٠٠٨',
    termsVersion: '2026-11',
  },
  startPasswordReset: { username: 'nora', nationalId: '1000000008' },
  remindUsername: { nationalId: '١٠٠٠٠٠٠٠٠٨', phone: '٠٥٥١٢٣٤٥٦٧' },
  completePasswordReset: {
    ticket: 'ticket',
    newPassword: 'caf\u00e9 river',
    confirmPassword: 'cafe\u0301 river',
    secondFactor: { method: 'recovery-code', code: 'o123-4567-89ab-cdef' },
  },
  sendChallenge: {},
  verifyChallenge: { code: ' ٠١٢-٣٤٥ ' },
  logIn: { username: 'NORA', password: 'river wolf teapot' },
  completeLogin: { ticket: 'ticket', tokens: 'cookie', ownDevice: true },
  session: { refreshToken: 'a.b.c' },
  changePhone: {
    phone: 'tel:٠٥٥\ufe0f١٢٣−٤٥٦٧',
    currentPassword: '\u200f river wolf teapot \u00a0\t',
  },
  completePhoneChange: { ticket: 'ticket', secondFactor: { method: 'totp', code: '٠١٢٣٤٥' } },
  changePassword: {
    currentPassword: 'river wolf',
    newPassword: 'caf\u00e9',
    confirmPassword: 'caf\u00e9',
  },
  ticketAlone: { ticket: 'ticket' },
  startTransaction: { phone: '0551234567', purpose: 'dispense', display: 'Insulin, 2 boxes' },
  giveFeedback: { flow: 'login', worked: true },
  acceptTerms: { termsVersion: '2026-11' },
  reauthenticate: { currentPassword: 'river wolf teapot' },
  confirmTotp: { enrolment: 'enrolment', code: '٠١٢٣٤٥' },
} satisfies Record<Call, object>;
const calls = Object.keys(good) as Call[];

describe('a valid body', () => {
  it.each(calls)('is accepted by %s', (call) => {
    expect(refusal(call, { body: good[call] })).toBeUndefined();
  });

  it('comes out canonical, however it was typed', () => {
    const read = (call: Call) =>
      readBody(bodies[call], apiEvent('POST /any', { headers, body: good[call] }));
    expect(read('startRegistration')).toEqual({ phone: '+966551234567' });
    expect(read('verifyChallenge')).toEqual({ method: 'sms', code: '012345' });
    expect(read('completeRegistration')).toMatchObject({
      username: 'nora.s',
      nationalId: '1000000008',
    });
    expect(read('completePasswordReset')).toMatchObject({ newPassword: 'caf\u00e9 river' });
    expect(read('changePhone')).toEqual({
      phone: '+966551234567',
      currentPassword: 'river wolf teapot',
    });
  });

  it('may have a byte order mark before it', () => {
    const event = apiEvent('POST /any', { headers, rawBody: '\uFEFF{"phone":"0551234567"}' });
    expect(readBody(bodies.startRegistration, event)).toEqual({ phone: '+966551234567' });
  });

  it('may come base64-encoded', () => {
    const rawBody = Buffer.from(JSON.stringify(good.logIn)).toString('base64');
    expect(refusal('logIn', { rawBody, isBase64Encoded: true })).toBeUndefined();
  });
});

describe('the message of a wrong field', () => {
  it.each<[Call, string, Message, object]>([
    ['startRegistration', 'phone', 'required', {}],
    ['startRegistration', 'phone', 'wrong_type', { phone: 551234567 }],
    ['startRegistration', 'phone', 'wrong_type', { phone: null }],
    ['startRegistration', 'phone', 'wrong_type', { phone: ['0551234567'] }],
    ['startRegistration', 'phone', 'too_long', { phone: '0'.repeat(65) }],
    ['startRegistration', 'phone', 'phone', { phone: '05512' }],
    ['completeLogin', 'ownDevice', 'wrong_type_boolean', { ownDevice: 'yes' }],
    ['completePhoneChange', 'secondFactor', 'wrong_type_object', { secondFactor: '123456' }],
    ['startPasswordReset', 'nationalId', 'national_id', { nationalId: '1000000009' }],
    ['startPasswordReset', 'username', 'username_characters', { username: 'نورة' }],
    ['startPasswordReset', 'username', 'username_start', { username: '1nora' }],
    ['startPasswordReset', 'username', 'username_length', { username: 'n o r' }],
    ['giveFeedback', 'flow', 'flow', { flow: 'sara.q' }],
    ['giveFeedback', 'worked', 'required', { worked: undefined }],
    ['giveFeedback', 'phone', 'unknown_field', { phone: '0551234567' }],
    ['verifyChallenge', 'code', 'code', { code: '12345' }],
    ['verifyChallenge', 'code', 'code', { code: '123456789' }],
    ['verifyChallenge', 'code', 'code', { code: '12345a' }],
    ['verifyChallenge', 'code', 'code', { method: 'recovery-code' }],
    ['verifyChallenge', 'code', 'code', { code: '0123-4567-89AB-CDEF' }],
    ['verifyChallenge', 'method', 'method', { method: 'face' }],
    ['confirmTotp', 'code', 'code', { code: '0123-4567-89AB-CDEF' }],
    ['confirmTotp', 'enrolment', 'too_long', { enrolment: 'x'.repeat(513) }],
    [
      ...(['completePasswordReset', 'secondFactor.method', 'method'] as const),
      { secondFactor: { method: 'sms', code: '123456' } },
    ],
    ['logIn', 'password', 'required', { password: '' }],
    ['logIn', 'password', 'required', { password: ' \u200e\t' }],
    ['completeRegistration', 'password', 'required', { password: '' }],
    ['logIn', 'password', 'too_long', { password: 'x'.repeat(1025) }],
    ['completeRegistration', 'ticket', 'required', { ticket: '' }],
    ['completeRegistration', 'ticket', 'too_long', { ticket: 'x'.repeat(257) }],
    ['completeRegistration', 'termsVersion', 'wrong_type', { termsVersion: 7 }],
    ['completePasswordReset', 'confirmPassword', 'confirmation', { confirmPassword: 'other' }],
    ['session', 'refreshToken', 'required', { refreshToken: '' }],
    ['session', 'refreshToken', 'too_long', { refreshToken: 'x'.repeat(8193) }],
    ['session', 'refreshToken', 'in_cookie', { tokens: 'cookie' }],
    ['session', 'tokens', 'token_transport', { tokens: 'body' }],
    ['logIn', 'tokens', 'token_transport', { tokens: ['cookie'] }],
    ['completeLogin', 'tokens', 'token_transport', { tokens: 'session' }],
    ['logIn', 'device', 'in_cookie', { tokens: 'cookie', device: 'secret' }],
    ['sendChallenge', 'code', 'unknown_field', { code: '1' }],
    ['logIn', 'passwort', 'unknown_field', { passwort: 'x' }],
  ])('%s: %s is %s', (call, path, message, change) => {
    const missing = Object.keys(change).length === 0;
    const body = missing ? {} : { ...good[call], ...change };
    expect(errorsOf(refusal(call, { body }))).toEqual([[path, message]]);
  });

  it.each<[string, string | null, Message]>([
    ['nothing', null, 'not_json'],
    ['no JSON', '{"phone":', 'not_json'],
    ['a form', 'phone=0551234567', 'not_json'],
    ['a list', '[]', 'not_object'],
    ['a string', '"0551234567"', 'not_object'],
    ['null', 'null', 'not_object'],
    ['17 KB', JSON.stringify({ phone: 'x'.repeat(17 * 1024) }), 'body_too_large'],
  ])('applies to the whole body when that is %s', (_what, rawBody, message) => {
    expect(errorsOf(refusal('startRegistration', { rawBody }))).toEqual([['', message]]);
  });

  it.each(['{"phone":\uFEFF"0551234567"}', '\uFEFF\uFEFF{}', '\uFEFF'])(
    'names a body with a byte order mark elsewhere: %j',
    (rawBody) => {
      expect(errorsOf(refusal('startRegistration', { rawBody }))).toEqual([['', 'not_json']]);
    },
  );

  it('counts 16 KB in bytes, not in characters', () => {
    const body = JSON.stringify({ phone: 'ه'.repeat(9 * 1024) });
    expect(errorsOf(refusal('startRegistration', { rawBody: body }))).toEqual([
      ['', 'body_too_large'],
    ]);
  });

  it('comes for every wrong field at once', () => {
    const body = { username: '', nationalId: '', more: 1 };
    expect(errorsOf(refusal('startPasswordReset', { body })).map(([path]) => path)).toEqual([
      'username',
      'nationalId',
      'more',
    ]);
  });

  it('differs for a valid number of an unsupported destination', () => {
    const problem = refusal('startRegistration', { body: { phone: '+971501234567' } });
    expect(problem?.code).toBe('destination_unsupported');
  });

  it('repeats a field name of the caller short and plain', () => {
    const body = { [`<script>${'x'.repeat(100)}`]: 1 };
    const [first] = errorsOf(refusal('sendChallenge', { body }));
    expect(first).toEqual([`?script?${'x'.repeat(32)}`, 'unknown_field']);
  });
});

describe('a body of a type that a page of any site may send without a preflight', () => {
  const typed = (type: string | undefined) =>
    refusal('logIn', {
      body: good.logIn,
      headers: type === undefined ? null : { 'content-type': type },
    });

  it.each([
    'text/plain',
    'TEXT/Plain;charset=UTF-8',
    ' text/plain ; application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    '',
    undefined,
  ])('is refused, JSON or not, and the answer names the right type: %s', (type) => {
    expect(errorsOf(typed(type))).toEqual([['Content-Type', 'content_type']]);
  });

  it.each(['application/json', 'Application/JSON; charset=utf-8', 'application/vnd.api+json'])(
    'is not a body of the type %s',
    (type) => {
      expect(typed(type)).toBeUndefined();
    },
  );
});

describe('a refused body', () => {
  it('is never quoted, whatever it contains', () => {
    const secret = fc.stringMatching(/^[\w!#%٠-٩ -]{6,30}$/).map((text) => `§${text}§`);
    const wrap = fc.constantFrom<(text: string) => unknown>(
      (text) => text,
      (text) => [text],
      (text) => ({ value: text }),
      (text) => text.repeat(300),
    );
    const broken = fc
      .tuple(fc.constantFrom(...calls), secret, wrap)
      .chain(([call, text, shape]) => {
        const fields = Object.keys(good[call]);
        return fc.constantFrom(...fields, 'extra').map((field) => ({
          call,
          text,
          body: { ...good[call], [field]: shape(text) },
        }));
      });
    fc.assert(
      fc.property(broken, ({ call, text, body }) => {
        const raw = JSON.stringify(body);
        for (const rawBody of [raw, `${raw.slice(0, -1)},`, `[${raw}]`]) {
          const problem = refusal(call, { rawBody });
          expect(JSON.stringify(problem ?? {})).not.toContain(text);
          expect(`${problem?.message} ${problem?.stack}`).not.toContain(text);
          expect(problem?.cause).toBeUndefined();
        }
      }),
      { numRuns: 300 },
    );
  });
});
