import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Client } from '../../client/src/index.ts';
import { local } from '../../lib/config/stages/local.ts';
import { withBrowser } from '../support/portal/browser.ts';
import { openPortal } from '../support/portal/portal-proxy.ts';
import { openWorld, type Person, type World } from '../support/world/world.ts';

let world: World;
let portal: Awaited<ReturnType<typeof openPortal>>;
beforeAll(async () => {
  world = await openWorld({ config: local });
  const files = {
    '/': { type: 'text/html', body: `<!doctype html><title>portal</title>${startUp}` },
    '/client.js': { type: 'text/javascript', body: await bundle() },
  };
  // A refresh takes its time, so that two at once would be seen.
  portal = await openPortal(world.serving.url, files, (call) =>
    call === refresh ? sleep(1_000) : undefined,
  );
});
afterAll(async () => {
  portal?.close();
  await world?.close();
});

const refresh = 'POST /sessions/refresh';
const startUp = `<script type="module">
  import { createClient } from '/client.js';
  window.ended = 0;
  window.hawiya = createClient({
    baseUrl: '/v1', language: 'en', tokens: 'cookie', onSessionEnded: () => { window.ended++; },
  });
</script>`;

async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('../../client/src/index.ts', import.meta.url));
  const options = { bundle: true, minify: true, format: 'esm', write: false } as const;
  const { outputFiles } = await build({ entryPoints: [entry], ...options });
  return outputFiles[0]?.text ?? '';
}

/** Globals of the page. Functions for `evaluate` are sent as text, and see these globals there. */
declare const hawiya: Client;
declare const ended: number;

async function visit(page: Page): Promise<void> {
  await page.goto(portal.url);
  await page.waitForFunction(() => 'hawiya' in globalThis);
}

async function logIn(page: Page, person: Person, n = 2): Promise<void> {
  const { username, password } = person;
  const id = await page.evaluate(
    async (typed) => {
      const answer = await hawiya.logIn(typed);
      return 'challenge' in answer ? answer.challenge.id : '';
    },
    { username, password },
  );
  const code = await world.code(person.phone, n);
  await page.evaluate(
    async (typed) => {
      const { ticket } = await hawiya.verifyChallenge(typed);
      await hawiya.completeLogin({ ticket });
    },
    { id, code },
  );
}

const readUsername = (page: Page) =>
  page.evaluate(async () => (await hawiya.readAccount()).account.username);
const refreshes = () => portal.calls.filter((call) => call === refresh).length;

it('a page logs in, is reloaded and logs out, and no script can find its tokens', async () => {
  const person = await world.subscriber();
  await withBrowser(async (page) => {
    await visit(page);
    expect(await page.evaluate(() => hawiya.refreshSession())).toBe(false);
    await logIn(page, person);
    expect(await readUsername(page)).toBe(person.username);

    const seen = await page.evaluate(
      '[document.cookie, localStorage.length, sessionStorage.length]',
    );
    expect(seen).toEqual(['', 0, 0]);
    const cookies = await page.context().cookies();
    const [known, session, ...others] = cookies.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    expect(known).toMatchObject({ name: '__Host-hawiya-known', httpOnly: true, secure: true });
    expect(session).toMatchObject({ name: '__Host-hawiya-session', httpOnly: true, secure: true });
    expect(others).toEqual([]);

    await page.reload();
    await visit(page);
    expect(await readUsername(page)).toBe(person.username);

    await page.evaluate(() => hawiya.revokeSession());
    // What recognises the browser stays, and opens nothing.
    const left = (await page.context().cookies()).map(({ name }) => name);
    expect(left).toEqual(['__Host-hawiya-known']);
    const code = await page.evaluate(() =>
      hawiya.readAccount().catch((error: { code?: string }) => error.code),
    );
    expect(code).toBe('unauthenticated');
    expect(await page.evaluate(() => ended)).toBe(0);
  });
});

it('two tabs with one cookie refresh one after the other, each once, and both stay logged in', async () => {
  const person = await world.subscriber();
  await withBrowser(
    async (page) => {
      await visit(page);
      await logIn(page, person);
      const other = await page.context().newPage();
      await visit(other);
      world.clock.advance(901);
      const before = refreshes();
      const read = () => Promise.all(Array.from({ length: 10 }, () => hawiya.listSessions()));
      await Promise.all([page, other].map((tab) => tab.evaluate(`(${read})().then(() => 0)`)));
      expect(refreshes() - before).toBe(2);
      expect(portal.atOnce.get(refresh)).toBe(1);
      // Past the grace of a used token: a tab that kept an old one would count as a replay now.
      world.clock.advance(901);
      expect(await readUsername(page)).toBe(person.username);
      expect(await readUsername(other)).toBe(person.username);
      expect(await Promise.all([page, other].map((tab) => tab.evaluate(() => ended)))).toEqual([
        0, 0,
      ]);
    },
    { width: 390 },
  );
});

it('the browser has the width of a phone when asked to, and leaves no process behind', async () => {
  await withBrowser(
    async (page) => {
      expect(browsers().length).toBeGreaterThan(0);
      await visit(page);
      expect(await page.evaluate('innerWidth')).toBe(390);
    },
    { width: 390 },
  );
  expect(browsers()).toEqual([]);
});

/** The Chromium processes among the descendants of this process. */
function browsers(): string[] {
  const parents = new Map(
    readdirSync('/proc').flatMap((pid) => {
      if (!/^\d+$/.test(pid)) return [];
      const [, parent] = /^PPid:\s*(\d+)/m.exec(read(`/proc/${pid}/status`)) ?? [];
      return [[pid, parent ?? '0'] as const];
    }),
  );
  const isOurs = (pid: string | undefined): boolean =>
    pid === String(process.pid) || (parents.has(pid ?? '') && isOurs(parents.get(pid ?? '')));
  return [...parents.keys()].filter(
    (pid) => isOurs(pid) && /chromium/.test(read(`/proc/${pid}/cmdline`)),
  );
}

/** Empty for a process that has ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
