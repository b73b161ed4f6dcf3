import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/* What somebody gets who installs the package: the tarball, in a project that has nothing else. */

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** Milliseconds. npm, two compilers and Node start some twenty times. */
const patience = 120_000;
const run = promisify(execFile);

const project = mkdtempSync(join(tmpdir(), 'hawiya-client-'));
const npm = (...args: string[]) => execFileSync('npm', args, { cwd: root, encoding: 'utf8' });

beforeAll(() => {
  const [packed] = JSON.parse(
    npm('pack', '--workspace', 'client', '--pack-destination', project, '--json', '--silent'),
  ) as { readonly filename: string }[];
  writeFileSync(join(project, 'package.json'), '{"private":true}');
  const tarball = join(project, packed?.filename ?? '');
  npm('install', '--prefix', project, '--offline', '--no-audit', '--no-fund', '--silent', tarball);
}, patience);
afterAll(() => rmSync(project, { recursive: true }));

/** The oldest version that the package promises. Linux gets it with `npm ci`; elsewhere there is no package of it. */
const node20 = join(root, 'test/node-20/node_modules', `node-linux-${process.arch}`, 'bin/node');
const nodes =
  process.platform === 'linux'
    ? ([
        ['Node 20', node20],
        ['the Node of the repository', process.execPath],
      ] as const)
    : ([['the Node of the repository', process.execPath]] as const);

const calls = (url: string) => `
  const client = createClient({ baseUrl: ${JSON.stringify(url)} });
  client.readTerms().then(async ({ terms }) => {
    const error = await client.startRegistration({ phone: '0551234567' }).catch((error) => error);
    console.log(terms.version, isProblem(error, 'too_many_requests'), error.retryAfter, error instanceof HawiyaError);
  });
`;
const programs = [
  [
    'an ES module',
    'program.mjs',
    "import { createClient, HawiyaError, isProblem } from '@hawiya/client';",
  ],
  [
    'a CommonJS module',
    'program.cjs',
    "const { createClient, HawiyaError, isProblem } = require('@hawiya/client');",
  ],
] as const;

describe.each(nodes)('the packed client, on %s', (name, node) => {
  it('has the version that it promises', async () => {
    const { stdout } = await run(node, ['--version']);
    expect(stdout).toMatch(name === 'Node 20' ? /^v20\./ : /^v\d\d\./);
  });

  it.each(programs)('runs from %s', async (_kind, file, head) => {
    await withServer(async (url, keys) => {
      writeFileSync(join(project, file), head + calls(url));
      const { stdout, stderr } = await run(node, [file], { cwd: project });
      expect(stderr).toBe('');
      expect(stdout).toBe('2026-11 true 9 true\n');
      expect(keys).toEqual([expect.stringMatching(uuid4)]);
    });
  });

  it('knows a problem of its other half: one process may import and require it', async () => {
    const problem = '{ code: "not_found", title: "t", status: 404 }';
    const code = `
      import { createRequire } from 'node:module';
      import { HawiyaProblem, isProblem } from '@hawiya/client';
      const other = createRequire(import.meta.url)('@hawiya/client');
      const error = new other.HawiyaProblem(${problem}, 404);
      console.log(error instanceof HawiyaProblem, isProblem(error, 'not_found'));
    `;
    writeFileSync(join(project, 'both.mjs'), code);
    expect((await run(node, ['both.mjs'], { cwd: project })).stdout).toBe('false true\n');
  });
});

describe('the types of the packed client', () => {
  const compilers = [
    ['TypeScript 7', 'node_modules/.bin/tsc'],
    ['TypeScript 5', 'client/node_modules/.bin/tsc'],
  ] as const;
  const source = `
    import { type Answer, createClient, isProblem } from '@hawiya/client';
    const client = createClient({ baseUrl: '/v1', uuid: () => 'x'.repeat(32) });
    export const terms: Promise<Answer<'readTerms'>> = client.readTerms();
    export const left = (error: unknown) => isProblem(error, 'code_incorrect') ? error.attemptsLeft : 0;
    // @ts-expect-error a misspelt field: the types are there, and not \`any\`
    client.sendChallenge({ id: 'x', kode: '1' });
  `;
  const settings = ['--noEmit', '--strict', '--lib', 'es2022,dom'];

  const ways = [
    ['an ES module', 'types.mts', ['--module', 'nodenext']],
    ['a CommonJS module', 'types.cts', ['--module', 'nodenext']],
    ['a bundled module', 'types.ts', ['--module', 'esnext', '--moduleResolution', 'bundler']],
  ] as const;

  const check = async (compiler: string, file: string, modules: readonly string[]) => {
    writeFileSync(join(project, file), source);
    const options = [...settings, '--skipLibCheck', 'false', ...modules, file];
    const { stdout } = await run(join(root, compiler), options, { cwd: project }).catch((e) => e);
    return stdout;
  };

  it.each(
    compilers.flatMap(([compiler, path]) =>
      ways.map(([way, file, modules]) => ({ compiler, path, way, file, modules })),
    ),
  )(
    'are found from $way by $compiler, and are whole',
    async ({ path, file, modules }) => {
      expect(await check(path, file, modules)).toBe('');
    },
    patience,
  );

  it(
    'are found by a compiler that reads no exports',
    async () => {
      const modules = ['--module', 'commonjs', '--moduleResolution', 'node10'];
      expect(await check('client/node_modules/.bin/tsc', 'old.ts', modules)).toBe('');
    },
    patience,
  );
});

describe('the tarball', () => {
  it('has code, declarations, licence and readme, and no sources', () => {
    const installed = join(project, 'node_modules/@hawiya/client');
    for (const name of [
      'LICENSE',
      'README.md',
      'dist/esm/index.js',
      'dist/esm/index.d.ts',
      'dist/cjs/index.js',
      'dist/cjs/index.d.ts',
      'dist/cjs/schema.d.ts',
    ]) {
      expect(existsSync(join(installed, name)), name).toBe(true);
    }
    expect(existsSync(join(installed, 'src'))).toBe(false);
    expect(existsSync(join(installed, 'scripts'))).toBe(false);
  });
});

const uuid4 = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

/** Answers a GET with terms and a POST with a limit, and keeps the keys of the POSTs. */
async function withServer(use: (url: string, keys: unknown[]) => Promise<void>): Promise<void> {
  const keys: unknown[] = [];
  const limited = { type: 't', title: 't', status: 429, code: 'too_many_requests', retryAfter: 9 };
  const server = createServer((request, response) => {
    request.resume();
    if (request.method === 'POST') keys.push(request.headers['idempotency-key']);
    const [status, body] =
      request.method === 'GET' ? [200, { terms: { version: '2026-11' } }] : [429, limited];
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as { port: number };
    await use(`http://127.0.0.1:${port}/v1`, keys);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
