import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { totpCode, totpStep } from '#core/crypto/totp.ts';
import { paths } from '../../portal/paths.ts';
import { axeFaults, languages, layoutFaults } from '../support/portal/looks.ts';
import { type Browser, openPortalPlace } from '../support/portal/open-portal.ts';
import { focusedName } from '../support/portal/people.ts';
import { codeOf, field, open, press, settled, type } from '../support/portal/walk.ts';
import { watch } from '../support/portal/watched-page.ts';
import type { World } from '../support/world/world.ts';

/** The portal as people hold it: zoomed, on its side, translated by the browser, in a tab that the phone drops. */
let world: World;
let browser: Browser;
openPortalPlace((place) => {
  ({ world, browser } = place);
});

/** A page in a language. */
async function pageIn(language: string, size: { width?: number; height?: number } = {}) {
  const page = await browser.open({ width: 390, ...size });
  await page.addInitScript(`localStorage.setItem('hawiya.language', '${language}')`);
  return page;
}

/** A page in Arabic. `end` fails if the page has thrown anything. */
async function watched() {
  const page = await pageIn('ar');
  const { faults } = await watch(page, world.serving.url);
  const end = async () => {
    expect(faults).toEqual([]);
    await page.context().close();
  };
  return { page, end };
}

const appCode = (secret: string): string =>
  totpCode(secret, totpStep(Math.floor(world.clock.now() / 1000)));

/** The name of the focused field if all of it is in the window and nothing covers it; otherwise where it is. */
const fieldInView = (page: Page): Promise<string> =>
  page.evaluate(`(() => {
    const field = document.activeElement;
    const { top, bottom, left, right } = field.getBoundingClientRect();
    const seen = document.elementFromPoint((left + right) / 2, (top + bottom) / 2) === field;
    const inside = top >= 0 && bottom <= innerHeight && left >= 0 && right <= innerWidth;
    return inside && seen ? field.name : field.name + ' from ' + top + ' to ' + bottom;
  })()`);

const windows = [
  ['a desk at 400 % zoom', { width: 320, height: 180 }],
  ['a phone on its side, with its keyboard', { width: 640, height: 160 }],
] as const;

describe.each(windows)('in the window of %s', (_what, size) => {
  it.each(languages)('the focused field is in view, in %s', async (language) => {
    const page = await pageIn(language, size);
    const { phone } = world.someone();
    await open({ page, world }, paths.register);
    await type(page, { phone: '12' });
    await page.locator('[aria-invalid=true]').waitFor();
    await expect.poll(() => fieldInView(page)).toBe('phone');
    const code = await codeOf(world, phone, () => type(page, { phone }));
    await field(page, 'code').waitFor();
    await expect.poll(() => fieldInView(page)).toBe('code');
    await field(page, 'code').fill(world.wrongCode(code));
    await page.locator('[aria-invalid=true]').waitFor();
    await expect.poll(() => fieldInView(page)).toBe('code');

    const { username, nationalId, phone: known } = await world.subscriber();
    await open({ page, world }, paths.reset);
    await type(page, { username, nationalId });
    await field(page, 'username').waitFor({ state: 'detached' });
    await codeOf(world, known, () => press(page));
    await field(page, 'code').waitFor();
    await expect.poll(() => fieldInView(page)).toBe('code');
    await page.context().close();
  });
});

/** Replaces every text of the page as the translation of a browser does: by a copy in two `<font>` elements. */
const translate = (page: Page) =>
  page.evaluate<number>(`(() => {
    const walker = document.createTreeWalker(document.getElementById('portal'), NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    for (const text of texts) {
      const inner = document.createElement('font');
      inner.append(text.data);
      const outer = document.createElement('font');
      outer.append(inner);
      text.replaceWith(outer);
    }
    return texts.length;
  })()`);

/** Content that the page loads in the other language is there as well. */
async function switchLanguage(page: Page): Promise<void> {
  await page.locator('header button[lang]').click();
  await loaded(page);
}

const loaded = (page: Page) => page.locator('main .waiting').waitFor({ state: 'detached' });

/** What the page says in each language, where nothing has been translated. */
async function shownOn(page: Page): Promise<string[]> {
  const shown: string[] = [];
  for (let n = 0; n < 2; n++) {
    shown.push(await page.locator('body').innerText());
    await switchLanguage(page);
  }
  return shown;
}

describe('a page that the browser has translated', () => {
  it.each([
    ...['/', paths.login, paths.register, paths.reset, paths.terms, paths.contact, '/nowhere'],
  ] as const)('says the same as one that was not, whatever changes on it: %s', async (path) => {
    const { page, end } = await watched();
    await open({ page, world }, path as '/');
    await loaded(page);
    const expected = await shownOn(page);
    for (const text of [...expected, ...expected]) {
      expect(await translate(page)).toBeGreaterThan(10);
      expect(await page.locator('body').innerText()).toBe(text);
      await switchLanguage(page);
    }
    await end();
  });

  it('goes on through the steps of a flow, with its errors and its countdown', async () => {
    const { page, end } = await watched();
    const { phone } = world.someone();
    await open({ page, world }, paths.register);
    await translate(page);
    await type(page, { phone: '12' });
    await page.locator('[aria-invalid=true]').waitFor();
    await translate(page);
    await field(page, 'phone').fill('1');
    await expect.poll(() => page.locator('.field__error').count()).toBe(0);
    const code = await codeOf(world, phone, () => type(page, { phone }));
    await field(page, 'code').waitFor();
    await translate(page);
    const timer = page.locator('main [role=timer]').last();
    const then = await timer.innerText();
    await expect.poll(() => timer.innerText()).not.toBe(then);
    expect(await timer.innerText()).toMatch(/^\d:\d\d$/);
    await field(page, 'code').fill(world.wrongCode(code));
    await page.locator('[aria-invalid=true]').waitFor();
    await translate(page);
    await field(page, 'code').fill(code);
    await field(page, 'username').waitFor();
    expect(await page.locator('h1').count()).toBe(1);
    await end();
  });

  it('leaves names, numbers and codes as they are', async () => {
    const { page, end } = await watched();
    const person = await world.subscriber();
    const untranslated = () =>
      page.evaluate<string>(`[...document.querySelectorAll('main [translate=no]')]
        .map((one) => one.textContent).join(' ')`);
    const { username, password } = person;
    await open({ page, world }, paths.login);
    await type(page, { username, password });
    await page.getByText(username).waitFor();
    expect(await untranslated()).toContain(username);
    expect(await untranslated()).toContain(person.phone.slice(-3));
    expect(await untranslated()).toContain(person.nationalId.slice(-2));
    await open({ page, world }, paths.authenticator);
    await press(page);
    await type(page, { currentPassword: password });
    await page.locator('.secret__text').waitFor();
    const secret = await page.locator('.secret__text').innerText();
    expect(await untranslated()).toContain(secret);
    await type(page, { code: appCode(secret.replaceAll(' ', '')) });
    await page.locator('.codes').waitFor();
    // The page says whose codes they are.
    const codes = await page.locator('.codes li').allInnerTexts();
    expect(await untranslated()).toBe([username, ...codes].join(' '));
    await end();
  });
});

const words = {
  ar: { error: 'خطأ: ', username: 'اسم المستخدم', brand: ' · هوية' },
  en: { error: 'Error: ', username: 'Username', brand: ' · Hawiya' },
};

describe.each(languages)('a form with mistakes, in %s', (language) => {
  const { error, username, brand } = words[language];

  it('lists several of them, takes the focus there, and leads to each field', async () => {
    const page = await pageIn(language);
    await open({ page, world }, paths.login);
    const title = await page.title();
    expect(title.endsWith(brand)).toBe(true);
    await page.locator('main form button[type=submit]').click();
    const summary = page.locator('main form .notice--wrong');
    await summary.waitFor();
    expect(await summary.evaluate((one) => one.matches(':focus'))).toBe(true);
    expect(await page.title()).toBe(error + title);
    expect(await summary.locator('a').count()).toBe(2);
    expect(await summary.locator('a').first().innerText()).toContain(username);
    const entries = await page.evaluate('history.length');
    await summary.locator('a').last().click();
    expect(await focusedName(page)).toBe('password');
    expect(await page.evaluate('history.length')).toBe(entries);
    // The list stays while a person corrects. The title follows the fields.
    await field(page, 'password').fill('x');
    expect(await page.title()).toBe(error + title);
    await field(page, 'username').fill('somebody');
    await expect.poll(() => page.title()).toBe(title);
    expect(await summary.count()).toBe(1);
    await field(page, 'username').fill('');
    await page.locator('main form button[type=submit]').click();
    await summary.waitFor({ state: 'detached' });
    // One alone keeps the focus on its field.
    await expect.poll(() => focusedName(page)).toBe('username');
    expect(await page.title()).toBe(error + title);
    await page.context().close();
  });

  it('has another title at each step, and none of the step before is left in it', async () => {
    const page = await pageIn(language);
    const { phone } = world.someone();
    const titles: string[] = [];
    await open({ page, world }, paths.register);
    await type(page, { phone: '1' });
    await page.locator('[aria-invalid=true]').waitFor();
    const code = await codeOf(world, phone, () => type(page, { phone }));
    for (const [name, go] of [
      ['code', () => field(page, 'code').fill(code)],
      ['username', () => page.goBack()],
      ['phone', () => undefined],
    ] as const) {
      await field(page, name).waitFor();
      await expect.poll(() => page.title()).toContain(await page.locator('h1').innerText());
      titles.push(await page.title());
      await go();
    }
    expect(new Set(titles).size).toBe(3);
    for (const title of titles) expect(title).not.toContain(error);
    await page.context().close();
  });
});

describe('the first language', () => {
  it.each([
    ['en-GB', 'en'],
    ['ar-EG', 'ar'],
    ['fr', 'ar'],
  ])('is the browser’s, and Arabic where that is another: %s', async (locale, language) => {
    const page = await browser.open({ width: 390, locale });
    await open({ page, world }, paths.login);
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
    expect(await page.locator('html').getAttribute('dir')).toBe(language === 'ar' ? 'rtl' : 'ltr');
    // The choice is kept, whatever the browser says.
    await switchLanguage(page);
    await page.reload();
    await page.locator('main h1').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe(language === 'ar' ? 'en' : 'ar');
    await page.context().close();
  });

  it('is the first one that the portal has of several', async () => {
    const page = await browser.open({ width: 390, locale: 'ur' });
    await page.addInitScript(
      `Object.defineProperty(navigator, 'languages', { get: () => ['ur', 'en-US', 'ar'] })`,
    );
    await open({ page, world }, paths.home);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await page.context().close();
  });
});

const homeWords = { ar: 'أنت داخل باسم', en: 'You are logged in as' };

it.each(languages)('the home page says who is logged in, in %s', async (language) => {
  const page = await pageIn(language);
  const { username, password } = await world.subscriber();
  await open({ page, world }, paths.home);
  const register = page.locator(`main a[href="${paths.register}"]`);
  expect(await register.count()).toBe(1);
  await open({ page, world }, paths.login);
  await type(page, { username, password });
  await page.waitForURL(`**${paths.account}`);
  // Loaded anew, so that nothing but the session's cookie tells it.
  await open({ page, world }, paths.home);
  await page.getByText(username).waitFor();
  expect(await page.locator('main nav').innerText()).toContain(homeWords[language]);
  expect(await register.count()).toBe(0);
  expect(await axeFaults(page)).toEqual([]);
  await page.locator(`main a[href="${paths.account}"]`).click();
  await page.waitForURL(`**${paths.account}`);
  // A log-out in another tab takes the name away.
  await open({ page, world }, paths.home);
  await page.getByText(username).waitFor();
  await page.evaluate(`new BroadcastChannel('hawiya').postMessage('out')`);
  await register.waitFor();
  expect(await page.locator('main').innerText()).not.toContain(username);
  await page.context().close();
});

it('a password manager finds the page that changes a password, by the address of the standard', async () => {
  const { url } = world.serving;
  const found = await fetch(`${url}/.well-known/change-password`, { redirect: 'manual' });
  expect([found.status, found.headers.get('location')]).toEqual([302, paths.password]);
  const page = await browser.open({ width: 390 });
  const { username, password } = await world.subscriber();
  await page.goto(`${url}/.well-known/change-password`);
  await type(page, { username, password });
  await field(page, 'newPassword').waitFor();
  expect(new URL(page.url()).pathname).toBe(paths.password);
  await page.context().close();
});

const cookieWords = { ar: 'متصفحك لا يحفظ ملفات الارتباط', en: 'Your browser keeps no cookies' };

it.each(languages)(
  'a browser that keeps no cookies is told what that means, in %s',
  async (language) => {
    const page = await pageIn(language);
    const notice = page.getByText(cookieWords[language]);
    await open({ page, world }, paths.login);
    expect(await notice.count()).toBe(0);
    const settings = await page.context().newCDPSession(page);
    await settings.send('Emulation.setDocumentCookieDisabled', { disabled: true });
    for (const path of [paths.login, paths.register, paths.reset]) {
      await open({ page, world }, path);
      await notice.waitFor();
      expect(await axeFaults(page)).toEqual([]);
      expect(await layoutFaults(page)).toEqual([]);
    }
    await page.context().close();
  },
);

describe('a tab that the phone dropped', () => {
  const stored = (page: Page) => page.evaluate<string>('JSON.stringify({ ...sessionStorage })');
  /** Loads the page anew, and waits for its script. */
  async function reload(page: Page): Promise<void> {
    await page.reload();
    await settled(page);
    await page.locator('#portal:not([data-first-screen])').waitFor();
  }
  const values = (page: Page, ...names: string[]) =>
    Promise.all(names.map((name) => field(page, name).inputValue()));

  it('has the details of a registration when it is loaded anew, without ID and password', async () => {
    const { page, end } = await watched();
    const { phone, username, nationalId, password } = world.someone();
    await open({ page, world }, paths.register);
    await field(page, 'phone').fill(phone);
    await reload(page);
    expect(await values(page, 'phone')).toEqual([phone]);
    const code = await codeOf(world, phone, () => press(page));
    await field(page, 'code').fill(code);
    await field(page, 'username').fill(username);
    await field(page, 'nationalId').fill(nationalId);
    await field(page, 'password').fill(password);
    const kept = await stored(page);
    expect(kept).toContain(username);
    for (const secret of [nationalId, password]) expect(kept).not.toContain(secret);
    await reload(page);
    await field(page, 'username').waitFor();
    expect(await values(page, 'username', 'nationalId', 'password')).toEqual([username, '', '']);
    await field(page, 'terms').waitFor();
    await page.locator('label.choice').click();
    await type(page, { nationalId, password });
    await page.getByText(username).waitFor();
    expect(await stored(page)).toBe('{}');
    await end();
  });

  it('keeps them for a quarter of an hour, and shows them to nobody after a login', async () => {
    const { page, end } = await watched();
    const { username, password } = await world.subscriber();
    await page.clock.install();
    await open({ page, world }, paths.login);
    await field(page, 'username').fill('somebody');
    await page.clock.fastForward(14 * 60_000);
    await reload(page);
    expect(await values(page, 'username')).toEqual(['somebody']);
    await page.evaluate(`sessionStorage.setItem('hawiya.draft.login',
      JSON.stringify({ at: Date.now() - 15 * 60_000, typed: { username: 'somebody' } }))`);
    await reload(page);
    expect(await values(page, 'username')).toEqual(['']);
    await page.evaluate(`sessionStorage.setItem('hawiya.draft.login', '{"at":null,"typed":7}')`);
    await reload(page);
    expect(await values(page, 'username')).toEqual(['']);
    await type(page, { username, password });
    await page.waitForURL(`**${paths.account}`);
    await expect.poll(() => stored(page)).toBe('{}');
    await end();
  });
});
