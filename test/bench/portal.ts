/**
 * `npm run bench:portal`: how long a person with an old phone on 3G waits for the portal on a first
 * visit with an empty cache. This is no test: the seconds are this machine's. The test of the bytes
 * is in test/e2e/portal-quality.test.ts.
 */
import type { Page } from 'playwright-core';
import { local } from '../../lib/config/stages/local.ts';
import { paths } from '../../portal/paths.ts';
import { openBrowser } from '../support/portal/browser.ts';
import { languages } from '../support/portal/looks.ts';
import { openWorld } from '../support/world/world.ts';
import { median } from './report/statistics.ts';

const runs = 7;
/**
 * Bytes a second, and the round-trip time in milliseconds: Lighthouse's "slow 4G", which is good
 * 3G.
 */
const network = {
  offline: false,
  latency: 150,
  downloadThroughput: 1_600_000 / 8,
  uploadThroughput: 750_000 / 8,
};
const cpuSlowdown = 4;
const target = 3_000;
/**
 * A DNS look-up, a connection and TLS 1.3 before the first request. They cost nothing on one
 * machine, and a round trip each on 3G.
 */
const handshakes = 3 * network.latency;

/** The main element of each page, which must accept input. */
const pages = [
  { path: paths.home, wanted: 'main nav a' },
  { path: paths.login, wanted: 'main form input' },
  { path: paths.register, wanted: 'main form input' },
];

const world = await openWorld({ config: local });
const browser = await openBrowser();
try {
  await world.serving.portalReady();
  for (const { path, wanted } of pages) {
    for (const language of languages) {
      const times: number[] = [];
      for (let run = 0; run < runs; run++) times.push(await visit(path, wanted, language));
      const [middle, worst] = [median(times) + handshakes, Math.max(...times) + handshakes];
      console.info(
        `${path} in ${language}: takes input after ${seconds(middle)} s (worst of ${runs}: ${seconds(worst)} s), ` +
          `${cpuSlowdown}× slower CPU, 1.6 Mbps, ${network.latency} ms: ${middle <= target ? 'within' : 'NOT WITHIN'} 3 s`,
      );
    }
  }
} finally {
  await browser.close();
  await world.close();
}

/**
 * @returns milliseconds until the main element was there and the page's script was ready for input
 */
async function visit(path: string, wanted: string, language: string): Promise<number> {
  const page = await browser.open({ width: 390 });
  try {
    await page.addInitScript(`
      localStorage.setItem('hawiya.language', '${language}');
      globalThis.usable = new Promise((resolve) => {
        const look = () => document.querySelector('${wanted}')
          ? setTimeout(() => resolve(performance.now()))
          : requestAnimationFrame(look);
        look();
      });`);
    await slowDown(page);
    await page.goto(world.serving.url + path, { waitUntil: 'commit' });
    const time = await page.evaluate<number>('usable');
    await useIt(page, wanted);
    return time;
  } finally {
    await page.context().close();
  }
}

async function slowDown(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', network);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown });
}

/**
 * Checks that the page works: a link leads on, a field takes typed text.
 * @throws Error otherwise
 */
async function useIt(page: Page, wanted: string): Promise<void> {
  const control = page.locator(wanted).first();
  if (wanted.endsWith(' a')) {
    await control.click();
    await page.waitForURL(`**${paths.login}`);
  } else {
    await control.fill('0551234567');
    await page.locator(`${wanted}:focus`).waitFor();
  }
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(2);
}
