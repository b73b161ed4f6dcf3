import { describe, expect, it } from 'vitest';
import { contractRecorder, contractViolations } from '../../support/world/api-contract.ts';

const json = new Headers({ 'content-type': 'application/json' });
const problemHeaders = (more: Record<string, string> = {}) =>
  new Headers({ 'content-type': 'application/problem+json', ...more });
const problem = (status: number, code: string) => ({
  type: `https://localhost/problems/${code}`,
  title: 'x',
  status,
  code,
  instance: 'urn:hawiya:request:1',
});
const ticket = { ticket: 't', expiresAt: '2026-11-23T07:00:00.000Z' };
const verify = (status: number, headers: Headers, body: unknown) =>
  contractViolations('POST', '/challenges/some-id/verify', { status, headers, body });

describe('the recorder', () => {
  it('accepts documented answers', () => {
    expect(verify(200, json, ticket)).toEqual([]);
    expect(verify(410, problemHeaders(), problem(410, 'challenge_expired'))).toEqual([]);
    const waits = problemHeaders({ 'retry-after': '60' });
    expect(verify(429, waits, problem(429, 'challenge_locked'))).toEqual([]);
    const nowhere = { status: 404, headers: json, body: problem(404, 'not_found') };
    expect(contractViolations('GET', '/nowhere', nowhere)).toEqual([]);
    const taken = { status: 204, headers: json, body: undefined };
    expect(contractViolations('POST', '/receipts/agg', taken)).toEqual([]);
  });

  it.each([
    ['a status that is not documented', verify(201, json, ticket), 'status 201'],
    ['a field that is not named', verify(200, json, { ...ticket, phone: '1' }), 'additional'],
    ['a field that is missing', verify(200, json, { ticket: 't' }), 'expiresAt'],
    ['an instant that is none', verify(200, json, { ...ticket, expiresAt: 'soon' }), 'date-time'],
    [
      'a code of another operation',
      verify(410, problemHeaders(), problem(410, 'ticket_invalid')),
      '/code',
    ],
    [
      'a field of a problem that is not named',
      verify(410, problemHeaders(), { ...problem(410, 'challenge_expired'), stack: '' }),
      'stack',
    ],
    [
      'a wait without Retry-After',
      verify(429, problemHeaders(), problem(429, 'challenge_locked')),
      'Retry-After',
    ],
    ['another content type', verify(410, json, problem(410, 'challenge_expired')), 'content type'],
    [
      'an answer where there is no operation',
      contractViolations('GET', '/nowhere', { status: 200, headers: json, body: {} }),
      'no operation',
    ],
    [
      'a body where there is none',
      contractViolations('POST', '/account/password', { status: 204, headers: json, body: {} }),
      'there is a body',
    ],
  ])('finds %s', (_name, lines, word) => {
    expect(lines.join('\n')).toContain(word);
  });

  it('fails the call, and also the closing of the world, in case the test expected a failure', () => {
    const recorder = contractRecorder();
    const seen = { status: 201, headers: json, body: { password: 'secret' } };
    const message = 'POST /password-resets → 201 is not as docs/openapi.json says';
    expect(() => recorder.check('POST', '/password-resets', seen)).toThrow(message);
    expect(() => recorder.close()).toThrow(message);
    expect(() => recorder.close()).not.toThrow('secret');
    expect(() => contractRecorder().close()).not.toThrow();
  });
});
