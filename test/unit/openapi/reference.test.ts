import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReferenceRoutes } from '../../../local/pages/reference.ts';
import { referenceFiles, referenceHeaders } from '../../../openapi/reference/files.ts';
import { openApi } from '../../support/world/openapi.ts';

const files = new Map(referenceFiles().map(({ name, text }) => [name, text]));
const policy = new Map(
  referenceHeaders['content-security-policy'].split('; ').map((directive) => {
    const [name = '', ...sources] = directive.split(' ');
    return [name, sources.join(' ')];
  }),
);

describe('the reference page', () => {
  it('is complete: every script it names is a file beside it', () => {
    const html = files.get('index.html') ?? '';
    const scripts = [...html.matchAll(/<script src="([^"]+)"/g)].map(([, name]) => name);
    expect(['index.html', ...scripts].sort()).toEqual([...files.keys()].sort());
    expect(html).not.toMatch(/<script>|<style|style=|https?:/);
  });

  it('shows docs/openapi.json itself, and every feature that contacts another host is off', () => {
    const calls: Record<string, unknown>[] = [];
    const createApiReference = (_: string, given: Record<string, unknown>) => calls.push(given);
    runInNewContext(files.get('reference.js') ?? '', { Scalar: { createApiReference } });
    const [given] = JSON.parse(JSON.stringify(calls));
    expect(given).toMatchObject({
      content: openApi,
      withDefaultFonts: false,
      telemetry: false,
      agent: { disabled: true },
      mcp: { disabled: true },
      hideTestRequestButton: true,
      hideClientButton: true,
    });
  });

  it('may load only its own scripts, has no origin, and cannot be framed', () => {
    expect(Object.fromEntries(policy)).toMatchObject({
      'default-src': "'none'",
      'script-src': "'self'",
      'frame-ancestors': "'none'",
      sandbox: 'allow-scripts',
    });
    expect(policy.has('connect-src')).toBe(false);
    expect([...policy.values()].join(' ')).not.toMatch(/https?:|\*|unsafe-eval|blob:/);
    // The same policy is in the page, for a host that omits the header.
    expect(files.get('index.html')).toContain(`content="default-src 'none'; script-src 'self';`);
  });
});

describe('the local cloud', () => {
  let server: Server;
  let base: string;
  beforeAll(async () => {
    const answer = createReferenceRoutes();
    server = createServer((request, response) => {
      if (!answer(request, response)) response.writeHead(418).end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  it('serves the page with its headers, and its scripts', async () => {
    const page = await fetch(`${base}/reference`);
    expect([page.url, page.status]).toEqual([`${base}/reference/`, 200]);
    for (const [name, value] of Object.entries(referenceHeaders)) {
      expect(page.headers.get(name)).toBe(value);
    }
    expect(await page.text()).toBe(files.get('index.html'));
    const script = await fetch(`${base}/reference/reference.js`);
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await script.text()).toBe(files.get('reference.js'));
  });

  it('serves nothing else there', async () => {
    expect((await fetch(`${base}/reference/files.ts`)).status).toBe(404);
    expect((await fetch(`${base}/reference/..%2fdocument.ts`)).status).toBe(404);
    expect((await fetch(`${base}/references`)).status).toBe(418);
  });
});
