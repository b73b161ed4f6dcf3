import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Folders that hold no document of this repository. */
const skipped = new Set(['.git', 'cdk.out', 'dist', 'node_modules', 'screens']);

/** Every document, as a path from the root of the repository. */
function documentsBelow(folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : documentsBelow(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

const documents = documentsBelow();
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');

/** The text without its blocks of code: those hold sample paths and URLs. */
const proseOf = (path: string) => textOf(path).replace(/^```[\s\S]*?^```/gm, '');

/** The name by which GitHub links to a heading. */
const anchorOf = (heading: string) =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

const anchorsOf = (path: string) =>
  [...proseOf(path).matchAll(/^#+\s+(.*)$/gm)].map(([, heading = '']) => anchorOf(heading));

/** Targets of links and images that stay in the repository. */
const linksOf = (path: string) =>
  [...proseOf(path).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^(?:[a-z]+:|\/)/i.test(target));

function isBroken(document: string, target: string): boolean {
  const [path = '', anchor] = decodeURI(target).split('#');
  const file = path === '' ? document : join(dirname(document), path);
  if (!existsSync(join(root, file))) return true;
  return anchor !== undefined && !anchorsOf(file).includes(anchor);
}

/** A name in backticks is a path of the repository if it starts with one of its folders, or ends like a file or folder. */
const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !skipped.has(entry.name))
  .map(({ name }) => name.replace('.', '\\.'));
const repositoryPath = new RegExp(
  `^(?:(?:${folders.join('|')})/|[a-z#][^\\s:]*/(?:[^\\s:]*\\.(?:css|js|json|md|mjs|ts|tsx))?$)[^\\s:]*$`,
);

/** What `npm run build` and the like make, and AWS's or an integrator's own paths. */
const elsewhere = /^(?:assets|cdk\.out|dist|node_modules|client\/node_modules)\/?|^portal\/dist/;

const pathsOf = (path: string) =>
  [...proseOf(path).matchAll(/`([^`\n]+)`/g)]
    .map(([, text = '']) => text)
    .filter((text) => repositoryPath.test(text) && !elsewhere.test(text));

/** `<flow>` stands for any name, `…` and `*` for any part of one. */
const patternOf = (path: string) =>
  path
    .replace(/^#core\//, 'lambdas/core/')
    .replace(/<[^>]*>|…/g, '*')
    .replace(/\/$/, '');

/**
 * A path starts at the root, at the core's rooms, or at the folder of its document. A test file may be named without its
 * ending: `test/security/crash`.
 */
function isMissing(document: string, path: string): boolean {
  const starts = ['', 'lambdas/core/', `${dirname(document)}/`, `${dirname(document)}/src/`];
  return starts.every((start) =>
    ['', '.test.ts'].every(
      (ending) => globSync(`${start}${patternOf(path)}${ending}`, { cwd: root }).length === 0,
    ),
  );
}

describe('the documents', () => {
  it('are found, with their links and paths', () => {
    expect(documents).toContain('README.md');
    expect(documents).toContain(join('docs', 'decisions', 'README.md'));
    expect(documents.flatMap(linksOf).length).toBeGreaterThan(150);
    expect(documents.flatMap(pathsOf).length).toBeGreaterThan(150);
    expect(anchorOf('The portal’s host: `edge` & more')).toBe('the-portals-host-edge--more');
  });

  it('link only to files and headings that exist', () => {
    const broken = documents.flatMap((document) =>
      linksOf(document)
        .filter((target) => isBroken(document, target))
        .map((target) => `${document}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('name only paths that exist, except the changelog, which names former ones', () => {
    const present = documents.filter((document) => document !== 'CHANGELOG.md');
    const missing = present.flatMap((document) =>
      pathsOf(document)
        .filter((path) => isMissing(document, path))
        .map((path) => `${document}: ${path}`),
    );
    expect(missing).toEqual([]);
  });

  it('belong to a reader: docs/README.md leads to each page of docs/', () => {
    const index = linksOf('docs/README.md').map((target) =>
      join('docs', target.split('#')[0] ?? ''),
    );
    const pages = documents.filter(
      (path) => /^docs\/[^/]+\.md$/.test(path) && path !== 'docs/README.md',
    );
    expect(pages.filter((page) => !index.includes(relative('', page)))).toEqual([]);
  });
});
