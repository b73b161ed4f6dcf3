import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Problem, type ProblemCode, problemKinds } from '#core/model/problems.ts';
import { routes } from '#core/model/routes.ts';
import type { FactorMethod } from '#core/model/second-factor.ts';
import type { PasswordReason } from '#core/values/password.ts';
import type { Country } from '#core/values/phone.ts';
import { apiHandler } from '../../../lambdas/http/api-handler.ts';
import { operations } from '../../../openapi/document.ts';
import { everywhere, whereNotRead } from '../../../openapi/operation.ts';
import { problemPages } from '../../../openapi/problem-pages/files.ts';
import { apiEvent, lambdaContext } from '../../support/fakes/api-event.ts';
import { collectLog } from '../http/lines.ts';

collectLog();

const folder = new URL('../../../docs/problems/', import.meta.url);
const codes = Object.keys(problemKinds) as ProblemCode[];
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const index = read('README.md');

const sections = [
  'What happened',
  'What the person sees',
  'What the developer does',
  'Example',
  'Calls that give it',
];

/** A page's sections by their heading; the title comes before the first. */
function pageOf(code: ProblemCode) {
  const [title = '', ...parts] = read(`${code}.md`).split(/^## /m);
  const bodies = parts.map((part) => {
    const end = part.indexOf('\n');
    return [part.slice(0, end), part.slice(end).trim()] as const;
  });
  return { title, headings: bodies.map(([name]) => name), text: Object.fromEntries(bodies) };
}

const example = z.looseObject({
  instance: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  attemptsLeft: z.int().optional(),
  reasons: z.array(z.string()).optional(),
  minimumLength: z.int().optional(),
  countries: z.array(z.string()).optional(),
  methods: z.array(z.string()).optional(),
  retryAfter: z.int().optional(),
});

const exampleOf = (code: ProblemCode) =>
  example.parse(JSON.parse(/```json\n([\s\S]*?)```/.exec(read(`${code}.md`))?.[1] ?? ''));

/** The calls that the page names, each once: `POST /sessions`. */
function callsOn(code: ProblemCode): string[] {
  const text = pageOf(code).text['Calls that give it'] ?? '';
  const calls = [...text.matchAll(/`(GET|POST|DELETE) \/v1(\/[^`]*)`/g)];
  return [...new Set(calls.map(([, method, path]) => `${method} ${path}`))];
}

/** The answer of the API when this problem is thrown with the extras of the example. */
async function answerTo(code: ProblemCode) {
  const { errors, reasons, countries, methods, attemptsLeft, minimumLength, retryAfter } =
    exampleOf(code);
  const thrown = new Problem(code, {
    ...(errors && {
      errors: errors.map(({ path, message }) => ({ path, message: { ar: '', en: message } })),
    }),
    ...(reasons && { reasons: reasons as PasswordReason[] }),
    ...(countries && { countries: countries as Country[] }),
    ...(methods && { methods: methods as FactorMethod[] }),
    ...(attemptsLeft !== undefined && { attemptsLeft }),
    ...(minimumLength !== undefined && { minimumLength }),
    ...(retryAfter !== undefined && { retryAfter }),
  });
  const handler = apiHandler(
    { PORTAL_HOST: 'portal.example.gov.sa', APP_ORIGINS: [] },
    { 'GET /x': () => Promise.reject(thrown) },
  );
  const event = apiEvent('GET /x', { headers: { 'accept-language': 'en' } });
  const { statusCode, body } = await handler(event, lambdaContext);
  return { statusCode, body: JSON.parse(body) };
}

it('every problem has a page, and no other page exists', () => {
  expect(readdirSync(folder).sort()).toEqual(['README.md', ...codes.map((c) => `${c}.md`)].sort());
});

describe.each(codes)('the page of %s', (code) => {
  const { status, title, detail } = problemKinds[code];

  it('is listed in the index with its status and both titles', () => {
    const row = `| [\`${code}\`](${code}.md) | ${status} | ${title.en} | ${title.ar} |`;
    expect(index).toContain(row);
  });

  it('has every section, in order, and none is empty', () => {
    const { headings, text } = pageOf(code);
    expect(headings).toEqual(sections);
    for (const heading of headings) expect(text[heading]).not.toBe('');
  });

  it('has the API’s texts in both languages', () => {
    const page = pageOf(code);
    expect(page.title).toContain(`# \`${code}\` · ${title.en} · ${title.ar}\n`);
    expect(page.title).toContain(`Status ${status} ·`);
    expect(page.text['What the person sees']).toContain(
      [`| title | ${title.en} | ${title.ar} |`, `| detail | ${detail.en} | ${detail.ar} |`].join(
        '\n',
      ),
    );
  });

  it('tells a developer whether to retry, and which field it is about', () => {
    const text = pageOf(code).text['What the developer does'];
    expect(text).toMatch(/^- Retry: /m);
    expect(text).toMatch(/^- Fields: /m);
  });

  it('shows the real answer as its example', async () => {
    const shown = exampleOf(code);
    const { statusCode, body } = await answerTo(code);
    expect(statusCode).toBe(status);
    expect(shown.instance).toMatch(/^urn:hawiya:request:[\w-]{36}$/);
    expect({ ...shown, instance: '' }).toEqual({ ...body, instance: '' });
  });

  it('names only existing calls', () => {
    const there = new Set(routes.map(({ method, path }) => `${method} ${path}`));
    expect(callsOn(code).filter((call) => !there.has(call))).toEqual([]);
  });

  // Every call has the gateway's problems, and nearly every call that of other sites: pages do not
  // list them.
  it.skipIf([...everywhere, ...whereNotRead].includes(code))(
    'names the calls that the OpenAPI document names',
    () => {
      const giving = Object.entries(operations).filter(([, { problems }]) =>
        problems.includes(code),
      );
      expect(callsOn(code).sort()).toEqual(giving.map(([call]) => call).sort());
    },
  );

  it('exists as HTML at the URI of its type, and links only to other such pages', () => {
    const page = problemPages().find(({ name }) => name === `${code}.html`)?.text ?? '';
    expect(page).toContain(`<title>${code} · `);
    const links = [...page.matchAll(/href="([^"]+)"/g)].map(([, link = '']) => link);
    const there = [
      '/problems/',
      '/problems/problems.css',
      ...codes.map((one) => `/problems/${one}`),
    ];
    expect(links.filter((link) => !there.includes(link))).toEqual([]);
    expect(page).not.toMatch(/<script|style=/);
  });

  it('has no broken link', () => {
    const links = [...read(`${code}.md`).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)];
    for (const [, link = ''] of links) expect(() => read(link)).not.toThrow();
  });
});
