import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

interface Source {
  readonly path: string;
  readonly lines: number;
  /** Without comments: they may speak of what the code may not do. */
  readonly code: string;
  readonly imports: readonly Import[];
}

function source(path: string): Source {
  const text = readFileSync(join(root, path), 'utf8');
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
  return { path, code, lines: text.split('\n').length - 1, imports: importsOf(path, code) };
}

/** Every module a file names, relative ones as paths from the root of the repository. */
function importsOf(path: string, code: string): Import[] {
  const statement =
    /\b(?:import|export)\s+(type\s)?[^'"`;]*?from\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"`]([^'"`]+)/g;
  return [...code.matchAll(statement)].map(([, type, named, bare]) => {
    const module = named ?? bare ?? '';
    const from = module.startsWith('.') ? normalize(join(dirname(path), module)) : module;
    return { from, typeOnly: type !== undefined };
  });
}

const below = (...folders: string[]): Source[] =>
  folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.m?ts$/.test(name))
      .map((name) => source(`${folder}/${name}`)),
  );

const lambdas = below('lambdas');
const lib = below('lib', 'bin');
const core = lambdas.filter(({ path }) => path.startsWith('lambdas/core/'));

/** `path: what` of everything in these files that a pattern finds. */
const findings = (files: Source[], pattern: RegExp) =>
  files.flatMap(({ path, code }) => [...code.matchAll(pattern)].map(([hit]) => `${path}: ${hit}`));

const importsThat = (files: Source[], test: (found: Import) => boolean) =>
  files.flatMap(({ path, imports }) =>
    imports.filter(test).map(({ from }) => `${path} imports ${from}`),
  );

const randomness = /\bMath\.random|\b(?:random(?:Bytes|Int|UUID|Fill\w*)|getRandomValues)\(/g;

describe('the reading of the source', () => {
  it('finds files and imports, or the rules below would hold of nothing', () => {
    expect(core.length).toBeGreaterThan(25);
    expect(lib.length).toBeGreaterThan(10);
    expect(core.flatMap(({ imports }) => imports).length).toBeGreaterThan(60);
    const code = "import type { A } from './a.ts';\nexport * from '../b.ts';\nimport 'c';\n";
    expect(importsOf('x/y/z.ts', `${code}const d = await import('d');`)).toEqual([
      { from: 'x/y/a.ts', typeOnly: true },
      { from: 'x/b.ts', typeOnly: false },
      { from: 'c', typeOnly: false },
      { from: 'd', typeOnly: false },
    ]);
  });
});

describe('the core', () => {
  it('imports only itself and pure libraries', () => {
    const pure = new Set(['zod', 'otplib', 'node:crypto', 'node:net']);
    expect(
      importsThat(core, ({ from }) => !from.startsWith('lambdas/core/') && !pure.has(from)),
    ).toEqual([]);
  });

  it('reads no environment, no clock, and writes nothing: those are ports', () => {
    const impure =
      /\bprocess\b|\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\b|\bconsole\b|\bset(?:Timeout|Interval)\b|\bfetch\(/g;
    expect(findings(core, impure)).toEqual([]);
  });
});

describe('the layers', () => {
  it('only adapters import the AWS SDK', () => {
    const others = [...lambdas, ...lib].filter(({ path }) => !path.startsWith('lambdas/adapters/'));
    expect(importsThat(others, ({ from }) => /^@(aws-sdk|smithy)\//.test(from))).toEqual([]);
  });

  it('adapters know the core, and neither HTTP nor a flow', () => {
    const adapters = lambdas.filter(({ path }) => path.startsWith('lambdas/adapters/'));
    expect(
      importsThat(adapters, ({ from }) => /^lambdas\/(?!core\/|adapters\/)/.test(from)),
    ).toEqual([]);
  });

  it('lib takes only types from lambdas', () => {
    const taken = ({ from, typeOnly }: Import) => from.startsWith('lambdas/') && !typeOnly;
    expect(importsThat(lib, taken)).toEqual([]);
  });

  it('what deploys imports nothing of tests, the local cloud and what makes the OpenAPI document', () => {
    const foreign = ({ from }: Import) => /^(local|openapi|test|scripts)\//.test(from);
    expect(importsThat([...lambdas, ...lib], foreign)).toEqual([]);
  });

  it('the environment is read by env.ts alone, and credentials by their provider', () => {
    const readers = lambdas.filter(({ code }) => /\bprocess\.env\b/.test(code));
    const allowed = /^lambdas\/(functions\/[\w-]+\/env|adapters\/environment-credentials)\.ts$/;
    expect(readers.map(({ path }) => path).filter((path) => !allowed.test(path))).toEqual([]);
  });

  it('randomness comes from compose and the adapters, so that tests can choose it', () => {
    const others = lambdas.filter(({ path }) => !/^lambdas\/(adapters|compose)\//.test(path));
    expect(findings(others, randomness)).toEqual([]);
  });

  it('nobody uses randomness that can be predicted', () => {
    expect(findings([...lambdas, ...lib], /\bMath\.random\b/g)).toEqual([]);
  });
});

describe('the size of things', () => {
  it('a handler is thin', () => {
    const handlers = lambdas.filter(({ path }) => path.endsWith('/handler.ts'));
    expect(handlers.length).toBeGreaterThan(8);
    expect(handlers.filter(({ lines }) => lines > 60).map(({ path }) => path)).toEqual([]);
  });

  it('a file is read in one sitting: 220 lines at most', () => {
    const long = [...lambdas, ...lib, ...below('local')].filter(({ lines }) => lines > 220);
    expect(long.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });

  it('nothing is of type any', () => {
    const any = /(?::|<|,|\bas|\||=)\s*any\b(?!\s*[:(])/g;
    expect('const a: any = b as any; f<any>()'.match(any)).toHaveLength(3);
    expect(findings([...lambdas, ...lib, ...below('local')], any)).toEqual([]);
  });
});

describe('what is committed', () => {
  const files = committed();

  it.skipIf(files.length === 0)('names no registry and no path of one machine', () => {
    // Put together here, or this file would be a finding.
    const unwanted = [['registry', 'npmjs'].join('.'), `/${'work'}/`];
    const found = files.filter((path) => {
      const text = readFileSync(join(root, path), 'latin1');
      return unwanted.some((word) => text.includes(word));
    });
    expect(found).toEqual([]);
  });
});

/** The files git tracks and that are there; none where this is no checkout. */
function committed(): string[] {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).split('\0');
    const gone = new Set(git('ls-files', '-z', '--deleted'));
    return git('ls-files', '-z').filter((path) => path !== '' && !gone.has(path));
  } catch {
    return [];
  }
}
