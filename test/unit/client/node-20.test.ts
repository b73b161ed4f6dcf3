import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const client = fileURLToPath(new URL('../../../client/', import.meta.url));
const dist = mkdtempSync(join(tmpdir(), 'hawiya-client-'));
beforeAll(() => {
  const compiler = fileURLToPath(new URL('../../../node_modules/.bin/tsc', import.meta.url));
  execFileSync(compiler, ['-p', client, '--outDir', dist]);
});
afterAll(() => rmSync(dist, { recursive: true }));

/**
 * The oldest Node version we promise, if the machine's own is that one. The tests run on the
 * repository's.
 */
const node20 = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => {
  if (!existsSync(path)) return false;
  return execFileSync(path, ['--version'], { encoding: 'utf8' }).startsWith('v20.');
});

const script = (url: string) => `
  import { createClient, isProblem } from ${JSON.stringify(pathToFileURL(join(dist, 'index.js')))};
  const client = createClient({ baseUrl: ${JSON.stringify(url)} });
  const { terms } = await client.readTerms();
  const error = await client.startRegistration({ phone: '0551234567' }).catch((error) => error);
  console.log(process.version, terms.version, isProblem(error, 'too_many_requests'), error.retryAfter);
`;

it('the published package has declarations and imports that Node finds', () => {
  for (const name of ['index.js', 'index.d.ts', 'schema.d.ts', 'client.js']) {
    expect(existsSync(join(dist, name)), name).toBe(true);
  }
});

it.skipIf(node20 === undefined)(
  'the published package runs on Node 20 (skipped when the system has another version)',
  () => runsOn(node20 ?? ''),
);

it('the published package runs on the Node version of the repository', () =>
  runsOn(process.execPath));

async function runsOn(node: string): Promise<void> {
  const server = createServer((request, response) => {
    request.resume();
    const limited = {
      type: 't',
      title: 't',
      status: 429,
      code: 'too_many_requests',
      retryAfter: 9,
    };
    const [status, body] =
      request.method === 'GET' ? [200, { terms: { version: '2026-11' } }] : [429, limited];
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as { port: number };
    const code = ['--input-type=module', '-e', script(`http://127.0.0.1:${port}/v1`)];
    const { stdout, stderr } = await promisify(execFile)(node, code);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^v\d+\.\S+ 2026-11 true 9\n$/);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
