/**
 * Takes screens of every page and step of the portal, in both languages and themes, on a phone and on a desk.
 *
 *   npm run screens                   all of them, into dist/screens
 *   npm run screens -- home login     those of some pages
 *   npm run screens -- --docs         the eight that documents show, into docs/screens
 */
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { local } from '../../lib/config/stages/local.ts';
import { openBrowser } from '../../test/support/portal/browser.ts';
import { inEveryLook } from '../../test/support/portal/looks.ts';
import { walks } from '../../test/support/portal/walks.ts';
import { openWorld } from '../../test/support/world/world.ts';
import { docsScreens } from './docs-screens.ts';

const { values, positionals: pages } = parseArgs({
  options: { docs: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const folderName = values.docs ? 'docs/screens' : 'dist/screens';
const folder = fileURLToPath(new URL(`../../${folderName}/`, import.meta.url));
const widths = [390, 1280];
/** WebP quality, of 100. Letters stay sharp, and a screen has about 15 kB. */
const quality = 50;
/** Usernames on the screens. */
const people = ['sara.q', 'noura.h', 'khalid.a'];

if (pages.length === 0) rmSync(folder, { recursive: true, force: true });
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
console.log(`${sizes.length} screens in ${folderName}, ${total.toFixed(1)} MB`);

async function take(page: Page, name: string): Promise<void> {
  if (pages.length > 0 && !pages.includes(name)) return;
  if (values.docs && !docsScreens.some((screen) => screen.startsWith(`${name}.`))) return;
  await inEveryLook(page, widths, async ({ language, theme, width }) => {
    const screen = `${name}.${language}.${theme}.${width}`;
    if (values.docs && !docsScreens.includes(screen)) return;
    writeFileSync(join(folder, `${screen}.webp`), await shot(page));
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
