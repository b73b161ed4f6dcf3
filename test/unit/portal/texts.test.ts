import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';
import { describe, expect, it } from 'vitest';

const source = fileURLToPath(new URL('../../../portal/src', import.meta.url));
const parts = readdirSync(join(source, 'i18n/ar')).map((name) => name.replace(/\.ts$/, ''));

type Texts = { readonly [key: string]: string | Texts };
const textsOf = async (language: string, part: string): Promise<Map<string, string>> =>
  new Map(flat((await import(`${source}/i18n/${language}/${part}.ts`)).default));

const flat = (texts: Texts, above = ''): [string, string][] =>
  Object.entries(texts).flatMap(([key, text]) =>
    typeof text === 'string' ? [[above + key, text]] : flat(text, `${above}${key}.`),
  );

const plural = /_(zero|one|two|few|many|other)$/;
const base = (key: string) => key.replace(plural, '');
const categories = (language: string) =>
  new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();
const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? '');

/**
 * Text that is Latin in Arabic too: the name of the other language, a host's placeholder, a key of
 * the keyboard.
 */
const latinInArabic = new Set(['common:otherLanguage']);

describe.each(parts)('the texts of %s', async (part) => {
  const ar = await textsOf('ar', part);
  const en = await textsOf('en', part);

  it('exist in both languages', () => {
    const keys = (texts: Map<string, string>) => [...new Set([...texts.keys()].map(base))].sort();
    expect(keys(en)).toEqual(keys(ar));
    expect([...ar, ...en].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it.each([
    ['ar', ar],
    ['en', en],
  ] as const)('have every plural form of %s', (language, texts) => {
    const counted = new Set([...texts.keys()].filter((key) => plural.test(key)).map(base));
    for (const key of counted) {
      const forms = [...texts.keys()].filter((one) => plural.test(one) && base(one) === key);
      expect([key, forms.map((one) => one.slice(key.length + 1)).toSorted()]).toEqual([
        key,
        categories(language),
      ]);
    }
  });

  it('are translated: no Latin letters in Arabic, no Arabic in English', () => {
    const mixed = (texts: Map<string, string>, letters: RegExp) =>
      [...texts].filter(
        ([key, text]) =>
          letters.test(text.replace(/\{\{\w+\}\}/g, '')) && !latinInArabic.has(`${part}:${key}`),
      );
    expect(mixed(ar, /[A-Za-z]/)).toEqual([]);
    expect(mixed(en, /[\u0600-\u06ff]/)).toEqual([]);
  });

  it('have the same placeholders in both languages', () => {
    const named = (texts: Map<string, string>) => {
      const all = new Map<string, Set<string>>();
      for (const [key, text] of texts) {
        const found = all.get(base(key)) ?? new Set();
        for (const hole of holes(text)) found.add(hole);
        all.set(base(key), found);
      }
      return [...all].filter(([, found]) => found.size > 0).toSorted();
    };
    expect(named(en)).toEqual(named(ar));
  });
});

const files = readdirSync(source, { recursive: true, encoding: 'utf8' });

describe('the text keys', async () => {
  const keys: string[] = [];
  for (const part of parts) {
    const names = [...(await textsOf('ar', part)).keys()].map(base);
    keys.push(...new Set(names.map((key) => (part === 'common' ? key : `${part}:${key}`))));
  }
  const asked = files
    .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('i18n'))
    .map((name) => asksIn(readFileSync(join(source, name), 'utf8'), name));
  const matches = (pattern: RegExp) => (key: string) => pattern.test(key);

  it('that a page uses exist', () => {
    const wanted = asked.flatMap(({ calls }) => calls);
    expect(wanted.length).toBeGreaterThan(50);
    expect(wanted.filter((one) => !keys.some(matches(one))).map(String)).toEqual([]);
    expect(asksIn('t("problem.unknown.tilte")', 'a.tsx').calls.map(String)).toEqual([
      '/^problem\\.unknown\\.tilte$/',
    ]);
  });

  it('are all used: no text is left over', () => {
    const mentioned = asked.flatMap(({ mentions }) => mentions);
    expect(keys.filter((key) => !mentioned.some((one) => one.test(key)))).toEqual([]);
  });
});

describe('the components', () => {
  const components = files.filter((name) => name.endsWith('.tsx'));

  it('contain no text themselves: all text exists in both languages', () => {
    expect(components.length).toBeGreaterThan(20);
    const literals = components.flatMap((name) =>
      literalsIn(readFileSync(join(source, name), 'utf8'), name).map((text) => `${name}: ${text}`),
    );
    expect(literals).toEqual([]);
    expect(literalsIn('<p title="Hello">Good {"day"} or x</p>', 'a.tsx')).toEqual([
      'Hello',
      'Good',
      'day',
      'or x',
    ]);
  });

  it('have 200 lines at most', () => {
    const long = files
      .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('i18n'))
      .filter((name) => readFileSync(join(source, name), 'utf8').split('\n').length > 200);
    expect(long).toEqual([]);
  });
});

interface Node {
  readonly type?: string;
  readonly [key: string]: unknown;
}

/** Letters between tags, in braces there, and in the attributes that people see or hear. */
function literalsIn(code: string, name: string): string[] {
  const shown = /^(title|label|alt|placeholder|aria-label|aria-description|hint|lead)$/;
  const found: string[] = [];
  const add = (text: unknown) => {
    const trimmed = String(text).trim();
    if (/\p{L}/u.test(trimmed)) found.push(trimmed);
  };
  const isText = (node: unknown): node is Node & { value: string } =>
    (node as Node | undefined)?.type === 'Literal' && typeof (node as Node)['value'] === 'string';
  function visit(node: unknown, child: boolean): void {
    if (Array.isArray(node)) for (const one of node) visit(one, child);
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
    const one = node as Node;
    if (one.type === 'JSXText') add(one['value']);
    if (one.type === 'JSXExpressionContainer' && child && isText(one['expression']))
      add(one['expression'].value);
    if (one.type === 'JSXAttribute' && shown.test(String((one['name'] as Node)['name'])))
      if (isText(one['value'])) add(one['value'].value);
    for (const [key, value] of Object.entries(one)) visit(value, key === 'children');
  }
  visit(parseSync(name, code).program, false);
  return found;
}

interface Asks {
  /** The arguments of `t`, as far as the code spells them out. */
  readonly calls: RegExp[];
  /** The same, and every other text that may reach `t` through a variable. */
  readonly mentions: RegExp[];
}

/** The keys that a file uses, as patterns: a placeholder matches any text. */
function asksIn(code: string, name: string): Asks {
  const calls: RegExp[] = [];
  const mentions: RegExp[] = [];
  function visit(node: unknown): void {
    if (Array.isArray(node)) for (const one of node) visit(one);
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
    const one = node as Node;
    const pattern = patternOf(one);
    if (pattern) mentions.push(pattern);
    if (one.type === 'CallExpression' && (one['callee'] as Node)['name'] === 't') {
      const asked = patternOf((one['arguments'] as Node[])[0] ?? {});
      if (asked) calls.push(asked);
    }
    for (const value of Object.values(one)) visit(value);
  }
  visit(parseSync(name, code).program);
  return { calls, mentions };
}

/** The pattern of a literal, or of a template that has text of its own. */
function patternOf(node: Node): RegExp | undefined {
  const exactly = (text: string) => text.replace(/[.\\*+?^${}()|[\]]/g, '\\$&');
  if (node.type === 'Literal' && typeof node['value'] === 'string')
    return new RegExp(`^${exactly(node['value'])}$`);
  if (node.type !== 'TemplateLiteral') return undefined;
  const parts = (node['quasis'] as { value: { cooked: string } }[]).map(
    ({ value }) => value.cooked,
  );
  return parts.join('').length > 1
    ? new RegExp(`^${parts.map(exactly).join('[\\w-]+')}$`)
    : undefined;
}
