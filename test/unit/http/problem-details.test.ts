import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem, type ProblemCode, problemKinds } from '#core/model/problems.ts';
import { apiHandler } from '../../../lambdas/http/api-handler.ts';
import { apiEvent, lambdaContext, requestId } from '../../support/fakes/api-event.ts';
import { collectLog } from './lines.ts';

const log = collectLog();
const secret = 'S3cret-0551234567';

/** The answer of an API handler whose only route throws. */
async function answerTo(thrown: unknown, language = 'en') {
  const handler = apiHandler(
    { PORTAL_HOST: 'portal.test', APP_ORIGINS: [] },
    {
      'GET /x': async () => {
        throw thrown;
      },
    },
  );
  const event = apiEvent('GET /x', { headers: { 'accept-language': language } });
  const { statusCode, headers = {}, body } = await handler(event, lambdaContext);
  return { statusCode, headers, body, problem: JSON.parse(body) as Record<string, unknown> };
}

class Hostile extends Error {
  override get message(): string {
    throw new Error(secret);
  }
  override get name(): string {
    throw new Error(secret);
  }
  override get stack(): string {
    throw new Error(secret);
  }
}

const errorWith = (changes: object) => Object.assign(new Error(secret), changes);

describe('an error that is no problem', () => {
  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a string', secret],
    ['a number', 7],
    ['a symbol', Symbol(secret)],
    ['an error', new Error(secret)],
    ['an error with a huge message', new Error(secret.repeat(50_000))],
    ['an error whose message looks like a stack', new Error(`x\n    at ${secret} (a:1:1)\n  at b`)],
    ['a syntax error that quotes the request', syntaxErrorOver(`\n    at ${secret} (a:1:1)\n`)],
    ['an error with a cause', new Error('x', { cause: secret })],
    ['several errors', new AggregateError([new Error(secret)], secret)],
    ['an error of AWS', errorWith({ name: 'ThrottlingException', $metadata: { requestId: 'r' } })],
    ['an error with no stack', errorWith({ stack: undefined })],
    ['an error with odd fields', errorWith({ stack: 7, name: 12n, $metadata: { requestId: 5n } })],
    ['an error with getters that throw', new Hostile()],
    ['an object with getters that throw', Object.create(Hostile.prototype)],
    ['something that only looks like a problem', { code: 'username_taken', extras: {}, secret }],
    ['a function', () => secret],
  ])('is answered as unavailable and reveals nothing: %s', async (_what, thrown) => {
    const { statusCode, headers, body, problem } = await answerTo(thrown);
    expect(statusCode).toBe(503);
    expect(problem).toMatchObject({ code: 'unavailable', status: 503, retryAfter: 1 });
    expect(headers).toMatchObject({ 'Retry-After': '1', 'Cache-Control': 'no-store' });
    expect(body).not.toContain(secret);
    expect(log.text()).not.toContain(secret);
    expect(log.lines()).toMatchObject([
      { level: 'ERROR', message: 'unexpected', requestId, route: 'GET /x' },
      { level: 'INFO', message: 'request', requestId, route: 'GET /x', status: 503 },
    ]);
  });

  it('becomes a valid problem document, whatever was thrown', async () => {
    const thrown = fc.anything({
      withBigInt: true,
      withNullPrototype: true,
      withSparseArray: true,
    });
    const error = fc.oneof(
      thrown,
      fc
        .dictionary(fc.constantFrom('name', 'message', 'stack', 'code', '$metadata'), thrown)
        .map(errorWith),
    );
    await fc.assert(
      fc.asyncProperty(error, async (value) => {
        const { statusCode, headers, problem } = await answerTo(value);
        expect(statusCode).toBe(503);
        expect(headers).toMatchObject({ 'Content-Type': 'application/problem+json' });
        expect(Object.keys(problem).sort()).toEqual([
          'code',
          'detail',
          'instance',
          'retryAfter',
          'status',
          'title',
          'type',
        ]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a problem', () => {
  const codes = Object.keys(problemKinds) as ProblemCode[];

  it.each(codes)('%s is a document with its status, in both languages', async (code) => {
    const { status, title, detail } = problemKinds[code];
    for (const language of ['ar', 'en'] as const) {
      const { statusCode, headers, problem } = await answerTo(new Problem(code), language);
      expect(statusCode).toBe(status);
      expect(headers).toMatchObject({
        'Content-Type': 'application/problem+json',
        'Content-Language': language,
        'Cache-Control': 'no-store',
        'X-Content-Type-Options': 'nosniff',
        'Strict-Transport-Security': expect.stringContaining('max-age='),
        'Content-Security-Policy': expect.stringContaining("default-src 'none'"),
        'Referrer-Policy': 'no-referrer',
        Vary: 'Accept-Language',
      });
      expect(problem).toMatchObject({
        type: `https://portal.test/problems/${code}`,
        instance: `urn:hawiya:request:${requestId}`,
        code,
        status,
        title: title[language],
        detail: detail[language],
      });
    }
  });

  it('gives the seconds to wait in the header and in the body', async () => {
    const { headers, problem } = await answerTo(
      new Problem('too_many_requests', { retryAfter: 42 }),
    );
    expect(headers['Retry-After']).toBe('42');
    expect(problem['retryAfter']).toBe(42);
  });

  it('gives no seconds when waiting does not help', async () => {
    const { headers, problem } = await answerTo(new Problem('username_taken'));
    expect(headers).not.toHaveProperty('Retry-After');
    expect(problem).not.toHaveProperty('retryAfter');
  });

  it('that asks for a login names the scheme (RFC 9110 §11.6.1)', async () => {
    expect((await answerTo(new Problem('unauthenticated'))).headers).toMatchObject({
      'WWW-Authenticate': 'Bearer',
    });
    expect((await answerTo(new Problem('credentials_incorrect'))).headers).not.toHaveProperty(
      'WWW-Authenticate',
    );
  });

  it('explains a refused password in words', async () => {
    const rejected = new Problem('password_rejected', {
      reasons: ['too_short', 'blocklisted'],
      minimumLength: 12,
    });
    const { problem } = await answerTo(rejected);
    expect(problem['reasons']).toEqual(['too_short', 'blocklisted']);
    expect(problem['detail']).toMatch(/shorter than 12 characters\. .*easily guessed\.$/);
  });

  it('is logged with the class of the dependency’s error when it is unavailable', async () => {
    await answerTo(new Problem('unavailable', {}, { cause: new TypeError(secret) }));
    expect(log.lines()).toMatchObject([
      { level: 'INFO', message: 'unavailable', error: 'TypeError' },
      { message: 'request', status: 503, problem: 'unavailable' },
    ]);
    expect(log.text()).not.toContain(secret);
  });

  it('is logged by its code, and its cause is never logged', async () => {
    await answerTo(new Problem('username_taken', {}, { cause: new Error(secret) }));
    expect(log.lines()).toMatchObject([
      { message: 'request', status: 409, problem: 'username_taken' },
    ]);
    expect(log.text()).not.toContain(secret);
  });
});

function syntaxErrorOver(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}
