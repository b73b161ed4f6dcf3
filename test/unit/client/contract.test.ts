import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { operationsSource, schemaSource, targets } from '../../../client/scripts/generate.ts';
import { type Client, createClient } from '../../../client/src/index.ts';
import { at, openApi, resolved } from '../../support/world/openapi.ts';

interface Described {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly pointer: string;
}

const pathsOf = Object.entries(openApi['paths'] ?? {});
const described: Described[] = pathsOf.flatMap(([path, methods]) =>
  Object.entries(methods ?? {}).map(([method, operation]) => ({
    id: String(operation?.['operationId']),
    method: method.toUpperCase(),
    path,
    pointer: `#/paths/${path.replaceAll('/', '~1')}/${method}`,
  })),
);
const ids = described.map(({ id }) => id);
/** What the client offers besides the operations. */
const own = ['forgetSession', 'getAccessToken', 'getIdToken'];

const parametersOf = ({ pointer }: Described) =>
  Object.keys(at(`${pointer}/parameters`) ?? {}).map((index) =>
    at(resolved(`${pointer}/parameters/${index}`)),
  );
const takesHeader = (operation: Described, name: string) =>
  parametersOf(operation).some((parameter) => (parameter?.['name'] as unknown) === name);
const bodyOf = ({ pointer }: Described) =>
  at(`${pointer}/requestBody/content/application~1json/schema`);
const schemesOf = ({ pointer }: Described) =>
  Object.values(at(`${pointer}/security`) ?? {}).flatMap((scheme) => Object.keys(scheme ?? {}));

describe('the schema generated from docs/openapi.json', () => {
  it('is what npm run openapi writes', async () => {
    const schema = readFileSync(targets.schema, 'utf8');
    expect(schema === (await schemaSource()), 'run npm run openapi').toBe(true);
    const operations = readFileSync(targets.operations, 'utf8');
    expect(operations === operationsSource(), 'run npm run openapi').toBe(true);
  });
});

describe('the operations of the client and of the document', () => {
  it('are the same: each operation is a method, and each method is an operation', () => {
    const methods = Object.keys(createClient({ baseUrl: '/v1' }));
    expect(ids.filter((id) => !methods.includes(id))).toEqual([]);
    expect(methods.filter((name) => !ids.includes(name))).toEqual(own);
  });

  it.each(described.map((operation) => [operation.id, operation] as const))(
    '%s sends what the document says to the path it names',
    async (id, operation) => {
      const { method, path } = operation;
      const sent = await requestOf(id);
      const filled = path.replace(/\{\w+\}/, 'an%20id');
      expect(`${sent.method} ${sent.path}`).toBe(`${method} ${filled}`);
      expect(sent.body !== undefined).toBe(bodyOf(operation) !== undefined);
      expect('idempotency-key' in sent.headers).toBe(takesHeader(operation, 'Idempotency-Key'));
      expect(sent.headers['authorization']).toBe(bearerOf(operation));
    },
  );

  it('have no body field named like a parameter of their path: a call has both in one object', () => {
    const both = described.filter(({ path, ...rest }) => {
      const fields = Object.keys(bodyOf({ path, ...rest })?.['properties'] ?? {});
      return [...path.matchAll(/\{(\w+)\}/g)].some(([, name]) => fields.includes(name ?? ''));
    });
    expect(both.map(({ id }) => id)).toEqual([]);
  });
});

function bearerOf(operation: Described): string | undefined {
  const schemes = schemesOf(operation);
  if (schemes.includes('accessToken')) return 'Bearer of-the-person';
  return schemes.some((scheme) => !scheme.endsWith('Cookie')) ? 'Bearer of-the-service' : undefined;
}

type AnyMethod = (input?: object) => Promise<unknown>;

/** The request that a method makes in a session. */
async function requestOf(id: string) {
  const sent: {
    method: string;
    path: string;
    body: unknown;
    headers: Record<string, string>;
  }[] = [];
  const client = createClient({
    baseUrl: 'https://portal.test/v1',
    accessToken: () => 'of-the-service',
    store: { load: () => 'refresh', save: () => {} },
    fetch: (async (url: string, init: RequestInit) => {
      const headers = init.headers as Record<string, string>;
      sent.push({ method: `${init.method}`, path: url.slice(22), body: init.body, headers });
      const body = { accessToken: 'of-the-person', refreshToken: 'next', expiresIn: 900 };
      return Response.json({ tokens: body });
    }) as typeof fetch,
  });
  await client.getAccessToken();
  const call = client[id as keyof Client] as unknown as AnyMethod;
  const operation = described.find((one) => one.id === id);
  const hasInput = operation && (operation.path.includes('{') || bodyOf(operation));
  await (hasInput ? call({ id: 'an id' }) : call());
  const last = sent.at(-1);
  if (!last) throw new Error(`${id} sent nothing`);
  return last;
}

describe('the bundle', () => {
  it('is smaller than 6 kB (minified, gzip) and has no dependency', async () => {
    const entry = fileURLToPath(new URL('../../../client/src/index.ts', import.meta.url));
    const { outputFiles, metafile } = await build({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      format: 'esm',
      write: false,
      metafile: true,
      target: 'es2022',
      platform: 'browser',
    });
    const size = gzipSync(outputFiles[0]?.contents ?? '').length;
    expect(size).toBeGreaterThan(1_000);
    expect(size).toBeLessThan(6_000);
    const inputs = Object.keys(metafile.inputs);
    expect(inputs.filter((path) => !path.startsWith('client/src/'))).toEqual([]);
  });

  it('declares no dependency and reads no storage, so a later script finds no tokens there', () => {
    const text = readFileSync(new URL('../../../client/package.json', import.meta.url), 'utf8');
    expect(JSON.parse(text)).not.toHaveProperty('dependencies');
    const sources = sourceFiles();
    expect(sources.length).toBeGreaterThan(5);
    const storing = /\b(localStorage|sessionStorage|indexedDB|document\.cookie)\b/;
    expect(sources.filter((source) => storing.test(source))).toEqual([]);
  });
});

function sourceFiles(): string[] {
  const folder = new URL('../../../client/src/', import.meta.url);
  return readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));
}
