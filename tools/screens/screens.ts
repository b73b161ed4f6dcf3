/**
 * `npm run screens` writes a screenshot of every page and step of the portal to `docs/screens`: in
 * both languages, in both themes, and in the widths of a phone and a desktop. Arguments select
 * screens by name: `npm run screens -- home login`.
 */
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { local } from '../../lib/config/stages/local.ts';
import { openBrowser } from '../../test/support/portal/browser.ts';
import { inEveryLook } from '../../test/support/portal/looks.ts';
import { walks } from '../../test/support/portal/walks.ts';
import { openWorld } from '../../test/support/world/world.ts';

const folder = fileURLToPath(new URL('../../docs/screens/', import.meta.url));
const widths = [390, 1280];
/** WebP quality, of 100. Letters stay sharp, and a screen has about 15 kB. */
const quality = 50;
/** Usernames on the screens. */
const people = ['sara.q', 'noura.h', 'khalid.a'];

const wanted = process.argv.slice(2);
if (wanted.length === 0) rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const world = await openWorld({ config: local });
const browser = await openBrowser();
try {
  await world.serving.portalReady();
  for (const [i, walk] of Object.values(walks).entries()) {
    const page = await browser.open();
    const see = (name: string) => take(page, name);
    const username = people[i];
    await walk({ page, world, person: world.someone(username ? { username } : {}), see });
    await page.context().close();
  }
} finally {
  await browser.close();
  await world.close();
}
const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
const total = sizes.reduce((sum, size) => sum + size, 0) / 1_000_000;
console.log(`${sizes.length} screens in docs/screens, ${total.toFixed(1)} MB`);

async function take(page: Page, name: string): Promise<void> {
  if (wanted.length > 0 && !wanted.includes(name)) return;
  await inEveryLook(page, widths, async ({ language, theme, width }) => {
    writeFileSync(join(folder, `${name}.${language}.${theme}.${width}.webp`), await shot(page));
  });
}

/** Takes the whole page, not only its visible part. */
async function shot(page: Page): Promise<Buffer> {
  const devtools = await page.context().newCDPSession(page);
  const { cssContentSize } = await devtools.send('Page.getLayoutMetrics');
  const clip = { ...cssContentSize, x: 0, y: 0, scale: 1 };
  const { data } = await devtools.send('Page.captureScreenshot', {
    format: 'webp',
    quality,
    clip,
    captureBeyondViewport: true,
  });
  await devtools.detach();
  return Buffer.from(data, 'base64');
}
