/**
 * `npm run bench:portal`: how long a person with an old phone on 3G waits for the portal on a first
 * visit with an empty cache. This is no test: the seconds are this machine's. The test of the bytes
 * is in test/e2e/portal-quality.test.ts.
 */
import { loadavg } from 'node:os';
import type { Page } from 'playwright-core';
import { local } from '../../lib/config/stages/local.ts';
import { type Path, paths } from '../../portal/paths.ts';
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
/**
 * A DNS look-up, a connection and TLS 1.3 before the first request. They cost nothing on one
 * machine, and a round trip each on 3G.
 */
const handshakes = 3 * network.latency;

interface MeasuredPage {
  readonly path: Path;
  /** The main element. */
  readonly wanted: string;
  /** What its field takes. A page without a field has none. */
  readonly typed: string | undefined;
  /** Milliseconds until the main element has to accept input. */
  readonly target: number;
}

const pages: readonly MeasuredPage[] = [
  { path: paths.home, wanted: 'main nav a', typed: undefined, target: 1_200 },
  { path: paths.register, wanted: 'main form input', typed: '0551234567', target: 1_200 },
  { path: paths.login, wanted: 'main form input', typed: 'somebody', target: 1_600 },
];

const world = await openWorld({ config: local });
const browser = await openBrowser();
try {
  await world.serving.portalReady();
  for (const measured of pages) {
    const { path, target } = measured;
    for (const language of languages) {
      const visits: Visit[] = [];
      for (let run = 0; run < runs; run++) visits.push(await visit(measured, language));
      const inputs = visits.map(({ input }) => input + handshakes);
      const script = median(visits.map(({ script }) => script)) + handshakes;
      const middle = median(inputs);
      console.info(
        `${path} in ${language}: takes input after ${seconds(middle)} s (${seconds(Math.min(...inputs))}–` +
          `${seconds(Math.max(...inputs))} in ${runs}): ${middle <= target ? 'within' : 'NOT WITHIN'} ` +
          `${seconds(target)} s. Its script answers after ${seconds(script)} s.`,
      );
    }
  }
  console.info(
    `${cpuSlowdown}× slower CPU, 1.6 Mbps, ${network.latency} ms, handshakes included; ` +
      `load of this machine: ${loadavg()[0]?.toFixed(1)}`,
  );
} finally {
  await browser.close();
  await world.close();
}

/** Milliseconds of a visit, without handshakes. */
interface Visit {
  /** The main element is on the screen: typed text stays, and a press counts. */
  readonly input: number;
  /** The portal's script has taken the page over, and answers what was typed and pressed. */
  readonly script: number;
}

async function visit(measured: MeasuredPage, language: string): Promise<Visit> {
  const { path, wanted, typed } = measured;
  const page = await browser.open({ width: 390 });
  try {
    await page.addInitScript(`
      localStorage.setItem('hawiya.language', '${language}');
      const when = (isTrue) => new Promise((resolve) => {
        // A frame comes only when the style sheet has arrived: the element is seen by then.
        const look = () => isTrue()
          ? setTimeout(() => resolve(performance.now()))
          : requestAnimationFrame(look);
        look();
      });
      const wanted = () => document.querySelector('${wanted}');
      globalThis.takesInput = when(wanted);
      globalThis.answers = when(() => wanted() && !document.querySelector('[data-first-screen]'));`);
    await slowDown(page);
    await page.goto(world.serving.url + path, { waitUntil: 'commit' });
    const input = await page.evaluate<number>('takesInput');
    if (typed) await page.locator(wanted).first().fill(typed);
    const script = await page.evaluate<number>('answers');
    await useIt(page, measured);
    return { input, script };
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
 * Checks that the page works: a link leads on; typed text is still there, and the script has read it.
 * @throws Error otherwise
 */
async function useIt(page: Page, { wanted, typed }: MeasuredPage): Promise<void> {
  const control = page.locator(wanted).first();
  if (typed === undefined) {
    await control.click();
    await page.waitForURL(`**${paths.login}`);
    return;
  }
  await control.press('Enter');
  // The phone is accepted, or the password is missing: the first field itself has no error.
  if ((await control.inputValue()) !== typed) throw new Error('The typed text is gone.');
  if ((await control.getAttribute('aria-invalid')) === 'true')
    throw new Error('The script has not read what was typed.');
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(2);
}
