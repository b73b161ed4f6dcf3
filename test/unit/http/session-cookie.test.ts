import { describe, expect, it } from 'vitest';
import {
  clearCookie,
  readCookie,
  sessionCookie,
  setCookie,
} from '../../../lambdas/http/session-cookie.ts';
import { apiEvent } from '../../support/fakes/api-event.ts';

const read = (cookie: string) =>
  readCookie(apiEvent('POST /sessions/refresh', { headers: { Cookie: cookie } }), sessionCookie);

describe('the cookie of a session', () => {
  it('is limited to this host, HTTPS and same-site requests, and hidden from scripts', () => {
    expect(setCookie(sessionCookie, 'abc', 60)).toBe(
      '__Host-hawiya-session=abc; Max-Age=60; Path=/; Secure; HttpOnly; SameSite=Strict',
    );
    expect(clearCookie(sessionCookie)).toBe(
      '__Host-hawiya-session=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Strict',
    );
  });

  it('is cleared when the session has ended', () => {
    expect(setCookie(sessionCookie, 'abc', -5)).toContain('Max-Age=0;');
  });

  it('is found among other cookies', () => {
    expect(read('a=1; __Host-hawiya-session=abc; b=2')).toBe('abc');
    expect(read('__Host-hawiya-session=abc=;b=2')).toBe('abc=');
  });

  it('is found in any of several headers, in any case of letters', () => {
    const event = apiEvent('POST /sessions/refresh');
    event.multiValueHeaders = { cookie: ['a=1', '__Host-hawiya-session=abc'] };
    expect(readCookie(event, sessionCookie)).toBe('abc');
  });

  it.each([
    ['there is none', ''],
    ['it is empty', '__Host-hawiya-session='],
    ['only another’s name ends like it', 'x__Host-hawiya-session=abc'],
    ['the name is written otherwise, as a browser lets any host do', '__host-hawiya-session=abc'],
    ['a no-break space stands before it', '\u00a0__Host-hawiya-session=abc'],
    ['a wide space stands before it', '\u2003__Host-hawiya-session=abc'],
    ['it is quoted into another', 'a="; x=__Host-hawiya-session=abc"'],
    ['two say they are it', '__Host-hawiya-session=abc; __Host-hawiya-session=def'],
  ])('is not read when %s', (_why, cookie) => {
    expect(read(cookie)).toBeUndefined();
  });
});
