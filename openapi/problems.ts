import * as z from 'zod';
import { limitKinds } from '#core/model/limit-kind.ts';
import { type ProblemCode, problemCodes, problemKinds } from '#core/model/problems.ts';
import { toldEnds } from '#core/model/session-end.ts';
import { weSendTo } from '#core/values/country-names.ts';
import type { Language } from '#core/values/language.ts';
import { passwordReasonCodes } from '#core/values/password.ts';
import { reasonTexts } from '#core/values/password-reasons.ts';
import { countries } from '#core/values/phone.ts';
import { fieldMessages } from '../lambdas/http/field-messages.ts';

const seconds = z.int().positive();

const fieldError = z
  .object({
    path: z.string().meta({ description: 'Of the field; empty where it is the whole body.' }),
    message: z.string(),
  })
  .meta({ id: 'FieldError' });

/** A problem document (RFC 9457), of the function or of API Gateway itself. */
export const problem = z
  .object({
    type: z.string().meta({ format: 'uri', description: 'Leads to a page about the code.' }),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().optional().meta({
      description:
        'What to do about it. Absent where API Gateway answers by itself, but for a body it refuses.',
    }),
    instance: z.string().meta({ description: 'Names the request, for support.' }),
    code: z.enum(problemCodes()).meta({ id: 'ProblemCode', description: 'What to switch over.' }),
    errors: z.array(fieldError).optional().meta({
      description: 'invalid_request: each field. Absent where API Gateway refuses the body.',
    }),
    attemptsLeft: z.int().nonnegative().optional().meta({ description: 'code_incorrect' }),
    reasons: z
      .array(z.enum(passwordReasonCodes))
      .optional()
      .meta({ description: 'password_rejected' }),
    minimumLength: z.int().positive().optional().meta({
      description: 'password_rejected: code points of the shortest password.',
    }),
    countries: z.array(z.enum(countries)).optional().meta({
      description: 'destination_unsupported: whose mobiles are accepted (ISO 3166-1).',
    }),
    methods: z
      .array(z.enum(['totp', 'recovery-code']))
      .optional()
      .meta({
        description: 'second_factor_required: what may be given.',
      }),
    limit: z.enum(limitKinds).optional().meta({
      description: 'too_many_requests: what the limit belongs to, where that is told.',
    }),
    reason: z.enum(toldEnds).optional().meta({
      description:
        'unauthenticated: why the session ended, where Hawiya knows. Only a genuine token is told.',
    }),
    idleSeconds: seconds.optional().meta({
      description: 'unauthenticated, where `reason` is `idle`: how long the session was not used.',
    }),
    retryAfter: seconds.optional().meta({ description: 'Seconds, as in Retry-After.' }),
  })
  .meta({ id: 'Problem', description: 'A problem document (RFC 9457).' });

/** Fields of an example besides its code. */
const extras = (language: Language): Partial<Record<ProblemCode, object>> => ({
  invalid_request: { errors: [{ path: 'phone', message: fieldMessages.phone[language] }] },
  code_incorrect: { attemptsLeft: 4 },
  second_factor_required: { methods: ['totp', 'recovery-code'] },
  destination_unsupported: { countries: ['SA'] },
  password_rejected: { reasons: ['blocklisted'], minimumLength: 15 },
  challenge_locked: { retryAfter: 240 },
  too_many_requests: { limit: 'address', retryAfter: 60 },
  unavailable: { retryAfter: 1 },
});

function exampleOf(code: ProblemCode, language: Language) {
  const { status, title, detail } = problemKinds[code];
  return {
    summary: title[language],
    value: {
      type: `https://portal.example/problems/${code}`,
      title: title[language],
      status,
      detail: [detail[language], ...explanations(code, language)].join(' '),
      instance: 'urn:hawiya:request:7d1f3c52-5a0e-4a57-9a8e-0c6f1a2b3c4d',
      code,
      ...extras(language)[code],
    },
  };
}

function explanations(code: ProblemCode, language: Language): string[] {
  if (code === 'password_rejected') return [reasonTexts.blocklisted[language]];
  return code === 'destination_unsupported' ? [weSendTo(['SA'], language)] : [];
}

/** Every problem in both languages, by the names that the answers refer to. */
export const problemExamples = Object.fromEntries(
  problemCodes().flatMap((code) => [
    [code, exampleOf(code, 'en')],
    [`${code}.ar`, exampleOf(code, 'ar')],
  ]),
);

const reference = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` });

/** The codes of an operation by status, each group in the order of the catalogue. */
function byStatus(codes: readonly ProblemCode[]): [status: string, group: ProblemCode[]][] {
  const known = problemCodes().filter((code) => codes.includes(code));
  const groups = Object.groupBy(known, (code) => String(problemKinds[code].status));
  return Object.entries(groups).map(([status, group = []]) => [status, group]);
}

const nameOf = (group: readonly ProblemCode[]) => group.join('.');

/** The answers of an operation that can give these problems, by status. */
export const problemReferences = (codes: readonly ProblemCode[]) =>
  Object.fromEntries(
    byStatus(codes).map(([status, group]) => [status, reference('responses', nameOf(group))]),
  );

/** The responses behind those references. Most operations share most of them. */
export const problemResponses = (operations: readonly (readonly ProblemCode[])[]) =>
  Object.fromEntries(
    operations.flatMap((codes) =>
      byStatus(codes).map(([, group]) => [nameOf(group), problemResponse(group)]),
    ),
  );

function problemResponse(codes: readonly ProblemCode[]) {
  const lines = (language: Language) =>
    codes.map((code) => `- \`${code}\`: ${problemKinds[code].title[language]}`).join('\n');
  const waits = codes.some((code) => problemKinds[code].status === 429);
  const mayWait = waits || codes.includes('unavailable');
  return {
    description: lines('en'),
    'x-description-ar': lines('ar'),
    headers: {
      'Content-Language': reference('headers', 'ContentLanguage'),
      ...(mayWait && {
        'Retry-After': reference('headers', waits ? 'RetryAfter' : 'RetryAfterIfKnown'),
      }),
      ...(codes.includes('unauthenticated') && {
        'WWW-Authenticate': reference('headers', 'WwwAuthenticate'),
      }),
    },
    content: {
      'application/problem+json': {
        schema: {
          allOf: [
            reference('schemas', 'Problem'),
            { type: 'object' as const, properties: { code: { enum: [...codes] } } },
          ],
        },
        examples: Object.fromEntries(
          codes
            .flatMap((code) => [code, `${code}.ar`])
            .map((name) => [name, reference('examples', name)]),
        ),
      },
    },
  };
}
