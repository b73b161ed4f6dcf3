import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReferenceRoutes } from '../../local/pages/reference.ts';
import { operations } from '../../openapi/document.ts';
import { withBrowser } from '../support/portal/browser.ts';

let server: Server;
let base: string;
/** The requests that the browser made to this host. */
const asked: string[] = [];

/** Serves the page on a host with other content, as the portal's host has. All other paths answer 200. */
beforeAll(async () => {
  const answer = createReferenceRoutes();
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (answer(request, response)) return;
    response.writeHead(200, { 'content-type': 'text/plain' }).end('something of the portal');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Opens the page and reads it as a person does: every group, from top to bottom. */
async function read(page: Page) {
  const wanted: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => wanted.push(request.url()));
  page.on('console', (line) => {
    if (['error', 'warning'].includes(line.type())) complaints.push(line.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`${base}/reference/`);
  await page.getByRole('heading', { name: 'Hawiya' }).waitFor();
  for (const tag of tags) {
    await page.goto(`${base}/reference/#tag/${tag}`);
    await page.getByRole('heading', { name: tag, exact: true }).first().waitFor();
    await page.mouse.wheel(0, 2000);
  }
  return { wanted, complaints };
}

const tags = [...new Set(Object.values(operations).map(({ tag }) => tag))];

describe('the reference page, in a browser', () => {
  it('shows every operation, requests nothing from another host, and breaks no rule of its policy', async () => {
    await withBrowser(async (page) => {
      const { wanted, complaints } = await read(page);
      const text = (await page.locator('body').innerText()).replaceAll('\u200b', '');
      for (const { summary } of Object.values(operations)) expect(text).toContain(summary.en);
      expect(text).toMatch(/POST\s*\/registrations/);
      expect(complaints).toEqual([]);
      const files = ['', 'storage.js', 'scalar.js', 'reference.js'];
      const own = files.map((name) => `${base}/reference/${name}`);
      expect([...new Set(wanted.map((url) => url.replace(/#.*$/, '')))].sort()).toEqual(own.sort());
    });
  });

  it('has an opaque origin: its scripts reach neither the API nor the portal’s storage', async () => {
    await withBrowser(async (page) => {
      await page.goto(`${base}/reference/`);
      asked.length = 0;
      const reached = await page.evaluate(`(async () => {
        const attempts = {
          fetch: () => fetch('/v1/account', { credentials: 'include' }),
          image: () => new Promise((done, failed) => {
            Object.assign(new Image(), { onload: done, onerror: failed, src: '/v1/health' });
          }),
          cookie: () => document.cookie,
          database: () => indexedDB.open('portal'),
          frame: () => document.body.appendChild(
            Object.assign(document.createElement('iframe'), { src: '/' }),
          ).contentDocument.body.innerText.match(/portal/)[0],
        };
        const reached = [self.origin];
        for (const [name, attempt] of Object.entries(attempts)) {
          try { await attempt(); reached.push(name); } catch {}
        }
        return reached;
      })()`);
      expect(reached).toEqual(['null']);
      expect(asked).toEqual([]);
    });
  });
});
