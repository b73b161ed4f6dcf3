import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The rooms of the core. A room imports only itself and the rooms before it (docs/architecture.md). */
const rooms = [
  'system',
  'values',
  'crypto',
  'model',
  'ports',
  'audit',
  'budgets',
  'delivery',
  'account',
  'challenge',
  'session',
  'flows',
];

interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

interface Source {
  readonly path: string;
  /** Without comments: they may name what the code may not use. */
  readonly code: string;
  readonly imports: readonly Import[];
}

function source(path: string): Source {
  const text = readFileSync(join(root, path), 'utf8');
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
  return { path, code, imports: importsOf(path, code) };
}

/** Every module a file names. Modules of this repository are paths from its root. */
function importsOf(path: string, code: string): Import[] {
  const statement =
    /\b(?:import|export)\s+(type\s)?[^'"`;]*?from\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"`]([^'"`]+)/g;
  return [...code.matchAll(statement)].map(([, type, named, bare]) => {
    const from = resolved(path, named ?? bare ?? '');
    return { from, typeOnly: type !== undefined };
  });
}

function resolved(path: string, module: string): string {
  if (module.startsWith('.')) return normalize(join(dirname(path), module));
  return module.startsWith('#core/') ? module.replace('#core/', 'lambdas/core/') : module;
}

const below = (...folders: string[]): Source[] =>
  folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(m?ts|tsx)$/.test(name) && !/(^|\/)(node_modules|dist)\//.test(name))
      .map((name) => source(`${folder}/${name}`)),
  );

const lambdas = below('lambdas');
const lib = below('lib', 'bin');
const local = below('local');
const core = lambdas.filter(({ path }) => path.startsWith('lambdas/core/'));

/** `path: what` of everything in these files that a pattern finds. */
const findings = (files: Source[], pattern: RegExp) =>
  files.flatMap(({ path, code }) => [...code.matchAll(pattern)].map(([hit]) => `${path}: ${hit}`));

const importsThat = (files: Source[], test: (found: Import) => boolean) =>
  files.flatMap(({ path, imports }) =>
    imports.filter(test).map(({ from }) => `${path} imports ${from}`),
  );

/** The room of a file of the core; undefined for every other file. */
const roomOf = (path: string): string | undefined =>
  /^lambdas\/core\/(\w[\w-]*)(?:\/|\.ts$)/.exec(path)?.[1];

/** Imports from a room to one that stands behind it. */
const upwardImports = (files: Source[]): string[] =>
  files.flatMap(({ path, imports }) => {
    const own = rooms.indexOf(roomOf(path) ?? '');
    return imports
      .filter(({ from }) => rooms.indexOf(roomOf(from) ?? '') > own)
      .map(({ from }) => `${path} imports ${from}`);
  });

/** Groups of files that import each other, types included (Tarjan's strongly connected components). */
function circlesIn(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];

  function visit(file: string): number {
    const own = order.size;
    order.set(file, own);
    lowest.set(file, own);
    open.push(file);
    for (const next of graph.get(file) ?? []) {
      if (!graph.has(next)) continue;
      const reached = order.has(next) ? orderIfOpen(next) : visit(next);
      lowest.set(file, Math.min(lowest.get(file) ?? own, reached));
    }
    const least = lowest.get(file) ?? own;
    if (least === own) {
      const circle = open.splice(open.indexOf(file));
      if (circle.length > 1) circles.push(circle.toSorted());
    }
    return least;
  }
  const orderIfOpen = (file: string): number =>
    open.includes(file) ? (order.get(file) ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;

  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return circles;
}

const graphOf = (files: Source[]) =>
  new Map(files.map(({ path, imports }) => [path, imports.map(({ from }) => from)]));

const randomness = /\bMath\.random|\b(?:random(?:Bytes|Int|UUID|Fill\w*)|getRandomValues)\(/g;

describe('the reading of the source', () => {
  it('finds files and imports, or the rules below would hold of nothing', () => {
    expect(core.length).toBeGreaterThan(100);
    expect(lib.length).toBeGreaterThan(10);
    expect(core.flatMap(({ imports }) => imports).length).toBeGreaterThan(300);
    const code = "import type { A } from './a.ts';\nexport * from '../b.ts';\nimport 'c';\n";
    const alias = "import { e } from '#core/model/e.ts';\n";
    expect(importsOf('x/y/z.ts', `${code}${alias}const d = await import('d');`)).toEqual([
      { from: 'x/y/a.ts', typeOnly: true },
      { from: 'x/b.ts', typeOnly: false },
      { from: 'c', typeOnly: false },
      { from: 'lambdas/core/model/e.ts', typeOnly: false },
      { from: 'd', typeOnly: false },
    ]);
  });

  it('resolves every import of the core to a file', () => {
    const missing = ({ from }: Import) =>
      from.startsWith('lambdas/') && !existsSync(join(root, from));
    expect(importsThat([...lambdas, ...lib], missing)).toEqual([]);
  });
});

describe('the core', () => {
  it('imports only itself and pure libraries', () => {
    const pure = new Set(['zod', 'zod/mini', 'otplib', 'node:crypto', 'node:net']);
    expect(
      importsThat(core, ({ from }) => !from.startsWith('lambdas/core/') && !pure.has(from)),
    ).toEqual([]);
  });

  it('reads no environment and no clock, and writes nothing: those are ports', () => {
    const impure =
      /\bprocess\b|\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\b|\bconsole\b|\bset(?:Timeout|Interval)\b|\bfetch\(/g;
    expect(findings(core, impure)).toEqual([]);
  });
});

describe('the rooms of the core', () => {
  it('are all in the order of the architecture', () => {
    const unknown = core.filter(({ path }) => !rooms.includes(roomOf(path) ?? ''));
    expect(unknown.map(({ path }) => path)).toEqual([]);
  });

  it('import only themselves and the rooms before them', () => {
    expect(upwardImports(core)).toEqual([]);
  });

  it('are broken by one import that is turned round', () => {
    const turned: Source = {
      path: 'lambdas/core/model/ledger.ts',
      code: '',
      imports: [{ from: 'lambdas/core/budgets/spend-breaker.ts', typeOnly: true }],
    };
    expect(upwardImports([turned])).toHaveLength(1);
  });
});

describe('import circles', () => {
  it.each(['lambdas', 'portal', 'local', 'lib', 'client', 'openapi', 'tools'])(
    'do not exist in %s, types included',
    (folder) => {
      expect(circlesIn(graphOf(below(folder)))).toEqual([]);
    },
  );

  it('are found where one import is turned round', () => {
    const straight = new Map([
      ['a', ['b', 'c']],
      ['b', ['c']],
      ['c', ['d']],
      ['d', []],
    ]);
    expect(circlesIn(straight)).toEqual([]);
    expect(circlesIn(new Map([...straight, ['d', ['b']]]))).toEqual([['b', 'c', 'd']]);
  });
});

describe('the layers', () => {
  it('only adapters import the AWS SDK', () => {
    const others = [...lambdas, ...lib].filter(({ path }) => !path.startsWith('lambdas/adapters/'));
    expect(importsThat(others, ({ from }) => /^@(aws-sdk|smithy)\//.test(from))).toEqual([]);
  });

  it('adapters import the core, and neither HTTP nor a function', () => {
    const adapters = lambdas.filter(({ path }) => path.startsWith('lambdas/adapters/'));
    expect(
      importsThat(adapters, ({ from }) => /^lambdas\/(?!core\/|adapters\/)/.test(from)),
    ).toEqual([]);
  });

  it('lib imports types from lambdas, and the shared configuration from the model', () => {
    const shared =
      /^lambdas\/core\/(model\/(limits|records|routes|session|spending-settings)|values\/(phone|portal-host))\.ts$/;
    const taken = ({ from, typeOnly }: Import) =>
      from.startsWith('lambdas/') && !typeOnly && !shared.test(from);
    expect(importsThat(lib, taken)).toEqual([]);
  });

  it('deployed code imports nothing of the tests, the local cloud, the tools and the OpenAPI document', () => {
    const foreign = ({ from }: Import) => /^(local|openapi|test|tools)\//.test(from);
    expect(importsThat([...lambdas, ...lib], foreign)).toEqual([]);
  });

  it('only environment.ts and the credential provider read the environment', () => {
    const readers = lambdas.filter(({ code }) => /\bprocess\.env\b/.test(code));
    const allowed = /^lambdas\/(functions\/environment|adapters\/environment-credentials)\.ts$/;
    expect(readers.map(({ path }) => path).filter((path) => !allowed.test(path))).toEqual([]);
  });

  it('randomness comes from compose and the adapters, so that tests can choose it', () => {
    const others = lambdas.filter(
      ({ path }) => !/^lambdas\/(adapters\/|compose\/ports\.ts)/.test(path),
    );
    expect(findings(others, randomness)).toEqual([]);
  });

  it('no code uses randomness that an attacker can predict', () => {
    expect(findings([...lambdas, ...lib], /\bMath\.random\b/g)).toEqual([]);
  });
});

describe('the shape of things', () => {
  it('a handler is thin: it decides and repeats nothing', () => {
    const handlers = lambdas.filter(({ path }) => path.endsWith('/handler.ts'));
    expect(handlers.length).toBe(13);
    expect(findings(handlers, /\b(?:for|while|switch)\b\s*[({]/g)).toEqual([]);
    const ofTheApi = handlers.filter(({ code }) => code.includes('flowHandler<'));
    expect(ofTheApi.length).toBe(9);
    expect(findings(ofTheApi, /\btry\b\s*\{/g)).toEqual([]);
  });

  it('a handler of the API enters the core by its use cases', () => {
    const handlers = lambdas.filter(
      ({ path, code }) => path.endsWith('/handler.ts') && code.includes('flowHandler<'),
    );
    // The memory of a sandbox, which the composition of the login creates.
    const allowed = /^lambdas\/core\/(?:flows\/|model\/|values\/|session\/refused-devices\.ts$)/;
    const others = ({ from }: Import) => from.startsWith('lambdas/core/') && !allowed.test(from);
    expect(importsThat(handlers, others)).toEqual([]);
  });

  it('an object is written one property a line, without spreads of literals', () => {
    const packed = /\.\.\.\{ /g;
    expect('const a = { ...{ b, c }, d };'.match(packed)).toHaveLength(1);
    expect(findings([...lambdas, ...lib, ...local], packed)).toEqual([]);
  });

  it('no value has the type any', () => {
    const any = /(?::|<|,|\bas|\||=)\s*any\b(?!\s*[:(])/g;
    expect('const a: any = b as any; f<any>()'.match(any)).toHaveLength(3);
    expect(findings([...lambdas, ...lib, ...local], any)).toEqual([]);
  });
});

describe('a commit', () => {
  const files = committed();

  it.skipIf(files.length === 0)('names no registry and no path of one machine', () => {
    // The words are put together here, or this file would be a finding.
    const unwanted = [['registry', 'npmjs'].join('.'), `/${'work'}/`];
    const found = files.filter((path) => {
      const text = readFileSync(join(root, path), 'latin1');
      return unwanted.some((word) => text.includes(word));
    });
    expect(found).toEqual([]);
  });
});

/** The files that git tracks and that exist; none where this is no checkout. */
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
