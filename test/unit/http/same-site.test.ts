import { describe, expect, it } from 'vitest';
import { Problem } from '#core/model/problems.ts';
import { refuseOtherSites, requireSameSite } from '../../../lambdas/http/same-site.ts';
import { apiEvent } from '../../support/fakes/api-event.ts';

const good = {
  'Content-Type': 'application/json',
  'X-Hawiya-Client': 'browser',
  Origin: 'https://portal.test',
};

type Headers = Record<string, string | undefined>;

/** The code of the problem that a call with these headers gets, or that it passes. */
const answer = (headers: Headers, portalHost = 'portal.test') =>
  outcomeOf(() => requireSameSite(apiEvent('POST /sessions', { headers }), portalHost));

function outcomeOf(check: () => void) {
  try {
    check();
    return 'passes';
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

describe('a call that carries cookies', () => {
  it('passes from the portal’s own page', () => {
    expect(answer(good)).toBe('passes');
    expect(answer({ ...good, 'Content-Type': 'Application/JSON; charset=utf-8' })).toBe('passes');
  });

  it('passes without Origin when the browser says it is from the same origin', () => {
    const { Origin: _, ...without } = good;
    expect(answer({ ...without, 'Sec-Fetch-Site': 'same-origin' })).toBe('passes');
  });

  it.each<[string, Headers]>([
    ['another site', { Origin: 'https://evil.test' }],
    ['a host below the portal’s', { Origin: 'https://a.portal.test' }],
    ['a host that ends like the portal’s', { Origin: 'https://evilportal.test' }],
    ['a host that begins like the portal’s', { Origin: 'https://portal.test.evil.test' }],
    ['the portal over plain HTTP', { Origin: 'http://portal.test' }],
    ['another port of the portal', { Origin: 'https://portal.test:8443' }],
    ['a sandboxed frame', { Origin: 'null' }],
    ['an empty origin', { Origin: '' }],
    [
      'a foreign origin that claims to be the same',
      {
        Origin: 'https://evil.test',
        'Sec-Fetch-Site': 'same-origin',
      },
    ],
    ['an unknown origin', { Origin: undefined }],
    ['a sister host without Origin', { Origin: undefined, 'Sec-Fetch-Site': 'same-site' }],
    ['another site without Origin', { Origin: undefined, 'Sec-Fetch-Site': 'cross-site' }],
    ['the address bar', { Origin: undefined, 'Sec-Fetch-Site': 'none' }],
    ['localhost', { Origin: 'http://localhost:3000' }],
    ['a client without our header', { 'X-Hawiya-Client': undefined }],
    ['a client with something else in our header', { 'X-Hawiya-Client': 'app' }],
    ['a form of plain text', { 'Content-Type': 'text/plain' }],
    ['a form that hides JSON in a parameter', { 'Content-Type': 'text/plain; application/json' }],
    ['a type that begins like JSON', { 'Content-Type': 'application/jsonx' }],
    ['a form', { 'Content-Type': 'application/x-www-form-urlencoded' }],
    ['a call that names no type', { 'Content-Type': undefined }],
  ])('is refused from %s', (_where, change) => {
    expect(answer({ ...good, ...change })).toBe('cross_site_request');
  });

  it('passes from any port of this machine when the portal runs on it, and from nowhere else', () => {
    const from = (Origin: string) => answer({ ...good, Origin }, 'localhost');
    expect(from('http://localhost:3000')).toBe('passes');
    expect(from('http://localhost')).toBe('passes');
    for (const origin of [
      'https://evil.test',
      'http://localhost.evil.test',
      'http://localhost:3000.evil.test',
      'http://localhost:3000@evil.test',
      'null',
    ]) {
      expect(from(origin)).toBe('cross_site_request');
    }
  });
});

describe('a call of any kind', () => {
  const sent = (headers: Headers | null, route = 'POST /registrations', host = 'portal.test') =>
    outcomeOf(() =>
      refuseOtherSites(apiEvent(route, { headers }), { portalHost: host, appOrigins: [] }),
    );

  it.each<[string, Headers | null]>([
    ['an app, which says nothing of where it is from', { 'Content-Type': 'application/json' }],
    ['a client without a header at all', null],
    ['the portal’s page', { 'Sec-Fetch-Site': 'same-origin', Origin: 'https://portal.test' }],
    ['the portal’s page, by a browser that tells no site', { Origin: 'https://portal.test' }],
    // CloudFront's own name: the browser knows that page and API share a host, and Origin alone
    // would not show it.
    [
      'a page of the API’s own host',
      { 'Sec-Fetch-Site': 'same-origin', Origin: 'https://d1.test' },
    ],
  ])('passes from %s', (_where, headers) => {
    expect(sent(headers)).toBe('passes');
  });

  it.each<[string, Headers]>([
    ['another site', { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.test' }],
    ['another site without Origin', { 'sec-fetch-site': 'cross-site' }],
    ['another site under the portal’s Origin', { 'Sec-Fetch-Site': 'cross-site', ...good }],
    ['a sister host', { 'Sec-Fetch-Site': 'same-site', Origin: 'https://news.portal.test' }],
    ['the address bar, which sends none of these', { 'Sec-Fetch-Site': 'none' }],
    ['a word that no browser says', { 'Sec-Fetch-Site': 'elsewhere' }],
    ['no word', { 'Sec-Fetch-Site': '' }],
    ['another origin, by a browser that tells no site', { Origin: 'https://evil.test' }],
    ['a sister host, by such a browser', { Origin: 'https://news.portal.test' }],
    ['the portal over plain HTTP', { Origin: 'http://portal.test' }],
    ['a sandboxed frame', { Origin: 'null' }],
    ['a WebView’s own origin', { Origin: 'capacitor://localhost' }],
    ['localhost, where the portal is not on it', { Origin: 'http://localhost:3000' }],
    ['an empty origin', { Origin: '' }],
  ])('is refused from %s, unless it only reads', (_where, headers) => {
    for (const route of ['POST /registrations', 'POST /sessions', 'DELETE /account/sessions']) {
      expect(sent(headers, route)).toBe('cross_site_request');
    }
    expect(sent(headers, 'GET /terms')).toBe('passes');
    expect(sent(headers, 'HEAD /terms')).toBe('passes');
    expect(sent(headers, 'OPTIONS /sessions')).toBe('cross_site_request');
  });

  it('passes from any port of this machine when the portal runs on it', () => {
    const from = (headers: Headers) => sent(headers, 'POST /sessions', 'localhost');
    expect(from({ Origin: 'http://localhost:5173' })).toBe('passes');
    expect(from({ Origin: 'https://localhost' })).toBe('cross_site_request');
    const sister = { Origin: 'http://localhost:5173', 'Sec-Fetch-Site': 'same-site' };
    expect(from(sister)).toBe('cross_site_request');
  });
});

describe('a call of a page in an app’s WebView', () => {
  const appOrigins = ['capacitor://localhost', 'https://localhost'];
  const sites = { portalHost: 'portal.test', appOrigins };
  const sent = (headers: Headers) =>
    outcomeOf(() => refuseOtherSites(apiEvent('POST /sessions', { headers }), sites));

  it.each(appOrigins)('passes from %s, which the stage lists', (Origin) => {
    expect(sent({ Origin })).toBe('passes');
    expect(sent({ Origin, 'Sec-Fetch-Site': 'cross-site' })).toBe('passes');
  });

  it.each([
    'null',
    '',
    'capacitor://localhost/',
    'capacitor://LOCALHOST',
    'capacitor://localhost.evil.test',
    'capacitor://localhost, https://evil.test',
    'capacitor://',
    'http://localhost',
    'https://localhost:8443',
    'https://evil.test',
    'ionic://localhost',
  ])('is refused from %j: an origin is compared whole', (Origin) => {
    expect(sent({ Origin })).toBe('cross_site_request');
    expect(sent({ Origin, 'Sec-Fetch-Site': 'cross-site' })).toBe('cross_site_request');
  });

  it('never gets cookies', () => {
    for (const Origin of appOrigins) expect(answer({ ...good, Origin })).toBe('cross_site_request');
  });
});
