import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { local } from '../../lib/config/stages/local.ts';
import { type PageName, paths, prerendered } from '../../portal/paths.ts';
import { holdScript, script } from '../support/portal/hold-script.ts';
import { languages } from '../support/portal/looks.ts';
import { type Browser, openPortalPlace } from '../support/portal/open-portal.ts';
import { field } from '../support/portal/walk.ts';
import type { World } from '../support/world/world.ts';

let world: World;
let browser: Browser;
openPortalPlace((place) => {
  ({ world, browser } = place);
}, local);

const screens = prerendered.flatMap((name: PageName) =>
  languages.map((language) => ({ name, language })),
);
const firstScreen = '[data-first-screen]';

/** A page in a language, whose script arrives only when the returned function is called. */
async function openHeld(path: string, language: string, stored: Record<string, string> = {}) {
  const page = await browser.open({ width: 390 });
  const kept = JSON.stringify({ 'hawiya.language': language, ...stored });
  await page.addInitScript(`Object.assign(localStorage, ${kept})`);
  const release = await holdScript(page);
  await page.goto(world.serving.url + path, { waitUntil: 'commit' });
  await page.locator(`${firstScreen} h1`).waitFor();
  return {
    page,
    async letScriptCome() {
      release();
      await page.locator(`#portal:not(${firstScreen})`).waitFor();
    },
  };
}

/** The elements, without what only the script adds: `autocorrect`, which older browsers do not know. */
const markup = (page: Page) =>
  page.evaluate<string>(
    `document.getElementById('portal').innerHTML.replaceAll(' autocorrect="off"', '')`,
  );

it.each(screens)(
  'the first screen of $name in $language is there before the script, and the script keeps it',
  async ({ name, language }) => {
    const { page, letScriptCome } = await openHeld(paths[name], language);
    const before = await markup(page);
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
    await page.evaluate(`document.querySelector('h1').mine = true`);
    await letScriptCome();
    expect(await page.evaluate(`document.querySelector('h1').mine`)).toBe(true);
    expect(await markup(page)).toBe(before);
    expect(await brokenReferences(page)).toEqual([]);
    // The script alone renders the same, so no part of the screen belongs to somebody or to a moment.
    await page.addInitScript(`history.replaceState({}, '')`);
    await page.reload();
    await page.locator('main h1').waitFor();
    expect(alike(await markup(page))).toBe(alike(before));
    await page.context().close();
  },
);

/** Without what depends on the order of rendering, and without empty values. */
const alike = (html: string) => html.replaceAll(/ (value|selected)=""|P\d+-\d+/g, '');

/**
 * Shows the mistakes of an empty form, if the page has one. @returns ids that are named but do not exist: the script
 * would name them so if it counted the elements differently from the HTML file
 */
async function brokenReferences(page: Page): Promise<string[]> {
  const button = page.locator('main form button[type=submit]');
  if ((await button.count()) > 0) {
    await button.click();
    await page.locator('main [aria-invalid=true]').first().waitFor();
  }
  return page.evaluate(`[...document.querySelectorAll('[for], [aria-describedby]')]
    .flatMap((one) => (one.getAttribute('for') ?? one.getAttribute('aria-describedby')).split(' '))
    .filter((id) => !document.getElementById(id))`);
}

it('what a person types and presses before the script counts, and is in no request for a page', async () => {
  const { page, letScriptCome } = await openHeld(paths.register, 'ar');
  const { phone } = world.someone();
  const addresses: string[] = [];
  page.on('request', (request) => addresses.push(`${request.url()} ${request.method()}`));
  await field(page, 'phone').fill(phone);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  expect(new URL(page.url()).search).toBe('');
  expect(world.inbox.messages(phone)).toHaveLength(0);
  await letScriptCome();
  await field(page, 'code').waitFor();
  expect(addresses.filter((address) => /registrations/.test(address))).toHaveLength(1);
  expect(addresses.filter((address) => address.includes(phone.slice(-9)))).toEqual([]);
  await page.context().close();
});

it('a password that is shown, a box that is ticked and a language that is chosen before the script are kept', async () => {
  const { page, letScriptCome } = await openHeld(paths.login, 'ar');
  await field(page, 'username').fill('somebody');
  await field(page, 'password').fill('typed early');
  await page.locator('main input[type=checkbox]').check();
  await page.locator('main .field__show').click();
  await page.locator('header button').click();
  await letScriptCome();
  await page.locator('html[lang=en]').waitFor();
  expect(await field(page, 'username').inputValue()).toBe('somebody');
  expect(await field(page, 'password').inputValue()).toBe('typed early');
  expect(await field(page, 'password').getAttribute('type')).toBe('text');
  expect(await page.locator('main input[type=checkbox]').isChecked()).toBe(true);
  await page.context().close();
});

it('the choice of a theme shows the stored theme when the script has come', async () => {
  const { page, letScriptCome } = await openHeld(paths.home, 'ar', { 'hawiya.theme': 'dark' });
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  await letScriptCome();
  expect(await page.locator('footer select').inputValue()).toBe('dark');
  await page.context().close();
});

it('a script that fails to load leaves no form that nobody answers', async () => {
  const page = await browser.open({ width: 390 });
  await page.route(script, (route) => route.abort());
  await page.goto(world.serving.url + paths.login);
  await page.locator('main [role=alert]').waitFor();
  expect(await page.locator('form').count()).toBe(0);
  await page.context().close();
});

it('a page whose own script fails to load takes its form away, and loads when tried again', async () => {
  const page = await browser.open({ width: 390 });
  const forms = '**/assets/forms-*.js';
  await page.route(forms, (route) => route.abort());
  await page.goto(world.serving.url + paths.login);
  const again = page.locator('main [role=alert] button');
  await again.waitFor();
  expect(await page.locator('form').count()).toBe(0);
  await page.unroute(forms);
  await again.click();
  await page.locator(`#portal:not(${firstScreen}) form`).waitFor();
  await page.context().close();
});
