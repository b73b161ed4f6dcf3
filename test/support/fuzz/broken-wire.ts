import { gzipSync } from 'node:zlib';
import { picked } from './pool.ts';

const kilobyte = 1024;

/** Bodies that are no JSON, or unusual JSON, made from valid JSON. */
export const brokenTexts: Record<string, (text: string, pick: number) => Buffer> = {
  truncated: (text, pick) => Buffer.from(text.slice(0, Math.floor(pick * text.length))),
  empty: () => Buffer.alloc(0),
  'a BOM': (text) => Buffer.from(`\ufeff${text}`),
  'invalid UTF-8': (text, pick) => {
    const bytes = Buffer.from(text);
    bytes[Math.floor(pick * bytes.length)] = 0xff;
    return bytes;
  },
  'an overlong form': (text) => Buffer.concat([Buffer.from([0xc0, 0x80]), Buffer.from(text)]),
  'UTF-16': (text) => Buffer.from(text, 'utf16le'),
  'a key twice': (text, pick) => {
    const [, key = '"a"'] = /("\w+")/.exec(text) ?? [];
    const first = text.replace('{', () => `{${key}:null${text === '{}' ? '' : ','}`);
    return Buffer.from(pick < 0.5 ? first : text.replace(/\}$/, `,${key}:null}`));
  },
  'two documents': (text) => Buffer.from(text + text),
  'a comment': (text) => Buffer.from(`/* */${text}`),
  'single quotes': (text) => Buffer.from(text.replaceAll('"', "'")),
  'a trailing comma': (text) => Buffer.from(text.replace(/\}$/, ',}')),
  NaN: (text) => Buffer.from(text.replace(/:"[^"]*"/, ':NaN')),
  'a form': (text) => Buffer.from(new URLSearchParams({ body: text }).toString()),
  gzipped: (text) => gzipSync(text),
  'only NUL': () => Buffer.alloc(64),
  'twenty kilobytes': (text, pick) => filledUp(text, 20 * kilobyte, pick),
};

/** Slow to process, and therefore rare. */
export const hugeTexts: typeof brokenTexts = {
  'three hundred kilobytes': (text, pick) => filledUp(text, 300 * kilobyte, pick),
  'very deep': () => Buffer.from(`${'['.repeat(50 * kilobyte)}${']'.repeat(50 * kilobyte)}`),
};

function filledUp(text: string, bytes: number, pick: number): Buffer {
  if (pick < 0.3) return Buffer.from(text + ' '.repeat(bytes));
  if (pick < 0.6) return Buffer.from(text.replace(/\}$/, `,"x":"${'y'.repeat(bytes)}"}`));
  return Buffer.from(text.replace(/:"/, `:"${'z'.repeat(bytes)}`));
}

const long = 'a'.repeat(4 * kilobyte);
const latin1 = '\u00e9\u00ff\u0080';

const garbage: Record<string, readonly string[]> = {
  'accept-language': [
    '',
    '*',
    ',,,',
    'en;q=NaN',
    'ar;q=9,en;q=-1',
    'zz-ZZ',
    latin1,
    long,
    '__proto__',
  ],
  'x-forwarded-for': [
    '',
    'unknown',
    '1.2.3.4, 5.6.7.8',
    '::ffff:1.2.3.4',
    '[::1]:80',
    "1' or 1=1",
    long,
  ],
  'user-agent': ['', latin1, long, '%00', '<script>', '() { :; }; echo'],
  cookie: ['=', ';;;', '__Host-hawiya-session=', `__Host-hawiya-session=${long}`, latin1, 'a=b=c'],
  'content-type': [
    '',
    'text/plain',
    'application/xml',
    'application/json; charset=utf-16',
    'a',
    long,
  ],
  'content-encoding': ['gzip', 'br', 'identity', 'x'],
  'x-hawiya-client': ['', 'Browser', 'app', latin1],
  'idempotency-key': ['', ' ', 'x'.repeat(300), latin1, '"', '__proto__', '../..'],
  origin: ['null', 'https://evil.example', 'http://localhost.evil.example', long],
  'sec-fetch-site': ['cross-site', 'same-site', 'none', 'same-origin', '', long],
  'x-http-method-override': ['DELETE', 'GET'],
  accept: ['', 'text/html', 'application/xml;q=1', long],
  range: ['bytes=0-1'],
  'if-none-match': ['*'],
  authorization: ['', 'Bearer', 'Bearer  ', 'Basic Og==', 'Bearer a.b.c', `Bearer ${long}`, latin1],
};

/** A header with a nonsensical value. */
export function garbageHeader(which: number, pick: number): [name: string, value: string] {
  const [name, values] = picked(Object.entries(garbage), which) ?? ['accept', ['']];
  return [name, picked(values, pick) ?? ''];
}

export const oddSegments = [
  '..',
  '.',
  '%2e%2e',
  '%2e%2e%2f%2e%2e',
  '..%2faccount',
  '%2F',
  '%5c',
  '%00',
  '%0d%0aset-cookie:x',
  '%zz',
  '%',
  '%ff',
  '%ed%a0%80',
  '%F0%9F%98%80',
  '%E2%80%AE',
  '%252e%252e',
  '__proto__',
  'null',
  ';x=1',
  '*',
  '{id}',
  "'%20or%201=1",
  'x'.repeat(6000),
];

export const oddQueries = ['?', '?a=1&a=2', '?%zz', '?__proto__=1', '?%00', '?/../x', `?${long}`];

export const otherMethods = [
  'GET',
  'POST',
  'DELETE',
  'PUT',
  'PATCH',
  'HEAD',
  'OPTIONS',
  'PROPFIND',
];

/** Paths that differ slightly from an existing one. */
export const nearPaths: ((path: string) => string)[] = [
  (path) => `${path}/`,
  (path) => `/${path}`,
  (path) => path.toUpperCase(),
  (path) => `${path}/x`,
  (path) => `${path}/..`,
  (path) => `/x/..${path}`,
  (path) => `${path}%2f`,
  (path) => `${path};a`,
  (path) => path.replace('/', '/%2e/'),
  (path) => path.replace('s', '%73'),
  () => '',
  () => '/',
  () => '/__proto__',
  () => '/receipts/nobody',
  () => '/local/inbox',
];
