import type { CDPSession, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { local } from '../../lib/config/stages/local.ts';
import { paths } from '../../portal/paths.ts';
import { axeFaults, inEveryLook, languages, layoutFaults, speak } from '../support/portal/looks.ts';
import { type Browser, openPortalPlace } from '../support/portal/open-portal.ts';
import { personalDataIn, storedNames } from '../support/portal/privacy.ts';
import { open } from '../support/portal/walk.ts';
import { walks } from '../support/portal/walks.ts';
import { watch } from '../support/portal/watched-page.ts';
import { username, type World } from '../support/world/world.ts';

let world: World;
let browser: Browser;
openPortalPlace((place) => {
  ({ world, browser } = place);
}, local);

const phone = { width: 390 };
const widths = [320, 390, 1280];
/** Preferences of the device, and drafts of the tab (decision 50): the only values that a page may store. */
const preferences = /^(localStorage hawiya\.(language|theme)|sessionStorage hawiya\.draft\.\w+)$/;

/** 32 of the widest letters, which differ from one call to the next. */
const longestUsername = () => username().padStart(32, 'w');

/** What does not fit on the narrowest phone, in both languages. */
async function withTextOfTwiceTheSize(page: Page): Promise<string[]> {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.evaluate(`document.documentElement.style.fontSize = '200%'`);
  const faults: string[] = [];
  for (const language of languages.toReversed()) {
    await speak(page, language);
    faults.push(...(await layoutFaults(page)).map((one) => `${language}: ${one}`));
  }
  await page.evaluate(`document.documentElement.style.fontSize = ''`);
  return faults;
}

describe.concurrent('every page and step, in both languages and themes, from 320 px to a desk', () => {
  it.each(Object.entries(walks))(
    'is accessible, fits, breaks no policy and leaks no personal data: %s',
    async (_, walk) => {
      const page = await browser.open(phone);
      const { url } = world.serving;
      const { faults, addresses } = await watch(page, url);
      const person = world.someone({ username: longestUsername() });
      const seen: string[] = [];
      async function see(name: string): Promise<void> {
        seen.push(name);
        await inEveryLook(page, widths, async ({ language, theme, width }) => {
          const found = [...(await layoutFaults(page)), ...(await axeFaults(page))];
          faults.push(...found.map((one) => `${name}, ${language}, ${theme}, ${width} px: ${one}`));
        });
        const found = await withTextOfTwiceTheSize(page);
        faults.push(...found.map((one) => `${name}, text of twice the size: ${one}`));
      }
      await walk({ page, world, person, see });
      console.log(`${seen.length} × ${2 * 2 * widths.length}: ${seen.join(', ')}`);
      // The browser also reports the requests that a walk aborts on purpose.
      expect(faults.filter((fault) => !/net::ERR_(FAILED|INTERNET)/.test(fault))).toEqual([]);
      expect(personalDataIn(addresses, url, person)).toEqual([]);
      expect((await storedNames(page)).filter((kept) => !preferences.test(kept))).toEqual([]);
      await page.context().close();
    },
  );
});

it('the checks find the faults that they look for', async () => {
  const page = await browser.open(phone);
  await open({ page, world }, '/');
  await page.evaluate(`(() => {
    const wrong = document.createElement('button');
    wrong.className = 'wrong';
    wrong.style.cssText = 'width: 500px; height: 20px; color: #888; background: #999';
    document.querySelector('main').append(wrong, document.createElement('img'));
  })()`);
  expect(await layoutFaults(page)).toEqual([
    expect.stringContaining('wider than the window: button.wrong'),
    expect.stringContaining('smaller than 44 px: button.wrong'),
  ]);
  expect(await axeFaults(page)).toEqual(
    expect.arrayContaining(['button-name .wrong', 'image-alt img']),
  );
  const { url } = world.serving;
  const person = world.someone({ phone: '+966551234567' });
  const told = [`/login?u=${person.username}`, '/register#0551234567', '/v1/challenges/551234567'];
  expect(
    personalDataIn(
      ['/', '/terms', ...told].map((path) => url + path),
      url,
      person,
    ),
  ).toEqual(told.map((path) => url + path));
  await page.context().close();
});

it('text of twice the size still fits on a phone', async () => {
  const page = await browser.open(phone);
  for (const path of [
    '/',
    '/register',
    '/login',
    '/reset',
    '/terms',
    '/contact',
    '/help',
    '/privacy',
    '/accessibility',
  ] as const) {
    await open({ page, world }, path);
    await page.locator('.official summary').click();
    await page.evaluate(`document.documentElement.style.fontSize = '200%'`);
    expect([path, await layoutFaults(page)]).toEqual([path, []]);
  }
  await page.context().close();
});

it('the chosen theme overrides the device’s theme from the first paint on', async () => {
  const page = await browser.open(phone);
  await page.emulateMedia({ colorScheme: 'light' });
  await open({ page, world }, '/');
  const paper = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
  // The colour of the browser's own bar: the first theme-color whose media query holds, in hexadecimal.
  const bar = () =>
    page.evaluate(`(() => {
      const [one] = [...document.querySelectorAll('meta[name=theme-color]')].filter(
        (meta) => matchMedia(meta.getAttribute('media')).matches);
      return 'rgb(' + one.content.match(/[0-9a-f]{2}/g).map((hex) => parseInt(hex, 16)).join(', ') + ')';
    })()`);
  const light = await paper();
  expect(await bar()).toBe(light);
  await page.locator('footer select').selectOption('dark');
  const dark = await paper();
  expect(dark).not.toBe(light);
  expect(await bar()).toBe(dark);
  await page.reload({ waitUntil: 'commit' });
  await page.locator('body').waitFor();
  expect(await paper()).toBe(dark);
  expect(await bar()).toBe(dark);
  await page.locator('footer select').selectOption('auto');
  expect([await paper(), await bar()]).toEqual([light, light]);
  await page.context().close();
});

it('a preference for no motion stops all motion, and the focus is always visible', async () => {
  const page = await browser.open(phone);
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await open({ page, world }, '/register');
    expect(
      await page.evaluate(`[...document.querySelectorAll('*')].filter((one) => {
        const { transitionDuration, animationName } = getComputedStyle(one);
        return parseFloat(transitionDuration) > 0 || animationName !== 'none';
      }).length`),
    ).toBe(0);
    for (let i = 0; i < 8; i++) {
      await page.keyboard.press('Tab');
      const width = await page.evaluate(
        'parseFloat(getComputedStyle(document.activeElement).outlineWidth)',
      );
      expect(width).toBeGreaterThanOrEqual(2);
    }
  }
  await page.context().close();
});

interface Received {
  readonly requestId: string;
  readonly encodedDataLength: number;
}

/** Kilobytes received over the network by path, headers included. */
function countTraffic(network: CDPSession): () => ReadonlyMap<string, number> {
  const paths = new Map<string, string>();
  const sizes = new Map<string, number>();
  network.on('Network.requestWillBeSent', ({ requestId, request }) =>
    paths.set(requestId, new URL(request.url).pathname),
  );
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }: Received) =>
    sizes.set(paths.get(requestId) ?? requestId, encodedDataLength / 1000),
  );
  return () => sizes;
}

/** Kilobytes of a first visit: HTML, styles, scripts and fonts. */
const budgets = [
  { path: paths.home, script: 34, all: 82 },
  { path: paths.login, script: 48, all: 94 },
  { path: paths.register, script: 48, all: 94 },
  { path: paths.reset, script: 48, all: 94 },
  { path: paths.username, script: 48, all: 94 },
];
const visits = budgets.flatMap((budget) => languages.map((language) => ({ ...budget, language })));

it.each(visits)(
  'a first visit of $path in $language takes at most $script kB of script and $all kB in all',
  async ({ path, language, script, all }) => {
    const page = await browser.open(phone);
    await page.addInitScript(`localStorage.setItem('hawiya.language', '${language}')`);
    const network = await page.context().newCDPSession(page);
    await network.send('Network.enable');
    const traffic = countTraffic(network);
    await page.goto(world.serving.url + path);
    await page.locator('h1').waitFor();
    await page.waitForLoadState('networkidle');
    const sum = (which: RegExp) =>
      [...traffic()].reduce((total, [path, size]) => total + (which.test(path) ? size : 0), 0);
    const [scripts, total] = [sum(/\.js$/), sum(/./)];
    const parts = [...traffic()].map(([path, size]) => `${path} ${size.toFixed(1)}`).join(', ');
    console.log(
      `${path}, ${language}: ${scripts.toFixed(1)} kB of script, ${total.toFixed(1)} kB in all: ${parts}`,
    );
    expect(scripts).toBeGreaterThan(10);
    expect(scripts).toBeLessThanOrEqual(script);
    expect(total).toBeLessThanOrEqual(all);
    await page.context().close();
  },
);
