import type { Page, Request } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { totpCode, totpStep } from '#core/crypto/totp.ts';
import { local } from '../../lib/config/stages/local.ts';
import { paths, prerendered } from '../../portal/paths.ts';
import arFeedback from '../../portal/src/i18n/ar/feedback.ts';
import arHelp from '../../portal/src/i18n/ar/help.ts';
import { holdScript } from '../support/portal/hold-script.ts';
import { axeFaults, inEveryLook, layoutFaults } from '../support/portal/looks.ts';
import { type Browser, openPortalPlace } from '../support/portal/open-portal.ts';
import { codeOf, field, logIn, open, press, type } from '../support/portal/walk.ts';
import { tabTo } from '../support/portal/watched-page.ts';
import type { World } from '../support/world/world.ts';

/** What a page of the government has on it: the strip, the help, the question after a flow, dates in two calendars. */
let world: World;
let browser: Browser;
openPortalPlace((place) => {
  ({ world, browser } = place);
}, local);

const phone = { width: 390 };
const widths = [320, 390, 1280];
const strip = '.official details';

const isOpen = (page: Page): Promise<boolean> =>
  page.evaluate(`document.querySelector('${strip}').open`);

async function faultsInEveryLook(page: Page): Promise<string[]> {
  const faults: string[] = [];
  await inEveryLook(page, widths, async ({ language, theme, width }) => {
    const found = [...(await layoutFaults(page)), ...(await axeFaults(page))];
    faults.push(...found.map((one) => `${language}, ${theme}, ${width} px: ${one}`));
  });
  return faults;
}

describe('the strip on top of every page', () => {
  it.each(prerendered)(
    'opens in the first screen of %s without the portal’s script, and stays open when it comes',
    async (name) => {
      const page = await browser.open(phone);
      const release = await holdScript(page);
      await page.goto(world.serving.url + paths[name], { waitUntil: 'commit' });
      await tabTo(page, /لحكومة المملكة العربية السعودية/);
      await page.keyboard.press('Enter');
      expect(await isOpen(page)).toBe(true);
      const text = await page.locator('.official').innerText();
      for (const told of ['.gov.sa', 'https://', '937']) expect(text).toContain(told);
      release();
      await page.locator('#portal:not([data-first-screen])').waitFor();
      expect(await isOpen(page)).toBe(true);
      await page.locator('.official').getByText(local.registrationNumber).waitFor();
      await page.context().close();
    },
  );

  it('loads the stage’s registration number when somebody looks, and not before', async () => {
    const page = await browser.open(phone);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await open({ page, world }, paths.home);
    await page.waitForLoadState('networkidle');
    expect(asked).not.toContain('/config.json');
    await page.locator(`${strip} summary`).click();
    await page.locator('.official').getByText(local.registrationNumber).waitFor();
    expect(await faultsInEveryLook(page)).toEqual([]);
    // It stays as the person left it when they go on.
    await page.locator(`footer a[href="${paths.help}"]`).click();
    await page.waitForURL(`**${paths.help}`);
    expect(await isOpen(page)).toBe(true);
    await page.locator(`${strip} summary`).click();
    expect(await isOpen(page)).toBe(false);
    await page.context().close();
  });

  it('says that the number could not be shown, and still how to check', async () => {
    const page = await browser.open(phone);
    await page.route('**/config.json', (route) => route.abort());
    await open({ page, world }, paths.home);
    await page.locator(`${strip} summary`).click();
    await page.locator('.official').getByText('تعذّر عرض رقم التسجيل').waitFor();
    expect(await page.locator('.official').innerText()).toContain('.gov.sa');
    await page.context().close();
  });

  it('is there without any script, in both languages', async () => {
    const page = await browser.open({ ...phone, javaScriptEnabled: false });
    await page.goto(world.serving.url + paths.login);
    const text = await page.locator('noscript').innerText();
    expect(text).toContain('موقع رسمي لحكومة المملكة العربية السعودية');
    expect(text).toContain('An official website of the government of Saudi Arabia');
    expect(text.match(/\.gov\.sa/g)).toHaveLength(2);
    await page.context().close();
  });

  it('is in the pages of the account, too, and on a page that does not exist', async () => {
    const page = await browser.open(phone);
    await logIn({ page, world, person: world.someone() });
    expect(await page.locator(strip).count()).toBe(1);
    await open({ page, world }, '/nowhere');
    expect(await page.locator(strip).count()).toBe(1);
    await page.context().close();
  });
});

it('the document says its language and direction, in both languages and before the script', async () => {
  const page = await browser.open(phone);
  const root = () => page.evaluate('[document.documentElement.lang, document.documentElement.dir]');
  await open({ page, world }, paths.help);
  expect(await root()).toEqual(['ar', 'rtl']);
  await page.locator('header button').click();
  expect(await root()).toEqual(['en', 'ltr']);
  await page.goto(world.serving.url + paths.privacy, { waitUntil: 'commit' });
  await page.locator('body').waitFor({ state: 'attached' });
  expect(await root()).toEqual(['en', 'ltr']);
  await page.context().close();
});

describe('the help page', () => {
  it('answers a question in the words that people use, and tells nobody what they typed', async () => {
    const page = await browser.open(phone);
    await open({ page, world }, paths.help);
    await page.waitForLoadState('networkidle');
    const requests: Request[] = [];
    page.on('request', (request) => requests.push(request));
    const search = page.locator('main input[type=search]');
    await search.pressSequentially('الكود ما جاني');
    const first = page.locator('main details summary').first();
    await expect.poll(() => first.innerText()).toBe(arHelp.questions.noCode.question);
    await expect.poll(() => page.locator('[role=status]').innerText()).toMatch(/^وجدنا/);
    await first.click();
    await page.getByText(arHelp.questions.noCode.answer).waitFor();
    expect(await faultsInEveryLook(page)).toEqual([]);
    // Enter submits nothing.
    await search.press('Enter');
    expect(page.url()).toBe(world.serving.url + paths.help);
    expect(requests.map((request) => request.url()).filter((url) => !/woff2$/.test(url))).toEqual(
      [],
    );
    await search.fill('بيتزا');
    await page.getByText(arHelp.nothing).waitFor();
    expect(await faultsInEveryLook(page)).toEqual([]);
    await search.fill('');
    expect(await page.locator('main details').count()).toBe(Object.keys(arHelp.questions).length);
    await page.context().close();
  });

  it('leads to the page that an answer speaks of', async () => {
    const page = await browser.open(phone);
    await open({ page, world }, paths.help);
    await page.getByText(arHelp.questions.forgotPassword.question, { exact: true }).click();
    await page.getByRole('link', { name: arHelp.pages.reset }).first().click();
    await page.waitForURL(`**${paths.reset}`);
    await page.context().close();
  });
});

describe('“Did this work?”', () => {
  const question = '.feedback';
  const answer = (page: Page, name: string) =>
    page.locator(question).getByRole('button', { name, exact: true });

  it('is asked after each flow, below what the flow ends with, and takes no focus', async () => {
    const page = await browser.open(phone);
    const told: unknown[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/v1/feedback')) told.push(request.postDataJSON());
    });
    const say = async (name = arFeedback.yes) => {
      await page.locator(question).waitFor();
      expect(await page.locator(`${question} :focus`).count()).toBe(0);
      await answer(page, name).click();
      await page.locator(`${question} .notice`).waitFor();
    };
    const person = world.someone();
    const { phone: number, nationalId, username, password } = person;
    await open({ page, world }, paths.register);
    const code = await codeOf(world, number, () =>
      type(page, { phone: number.replace('+966', '0') }),
    );
    await type(page, { code });
    await field(page, 'terms').waitFor();
    expect(await page.locator(question).count()).toBe(0);
    await page.locator('label.choice').click();
    await type(page, { nationalId, username, password });
    await say();

    // The registration has logged in.
    await page.context().clearCookies();
    await open({ page, world }, paths.login);
    await type(page, {
      code: await codeOf(world, number, () => type(page, { username, password })),
    });
    await page.waitForURL(`**${paths.account}`);
    await say(arFeedback.no);
    // It disappears with the screen that it belongs to.
    await page.locator(`main a[href="${paths.password}"]`).click();
    await field(page, 'newPassword').waitFor();
    expect(await page.locator(question).count()).toBe(0);

    const newPassword = `${password} آخر`;
    await type(page, { currentPassword: password, newPassword, confirmPassword: newPassword });
    await say();

    await open({ page, world }, paths.export);
    await press(page);
    await say();

    await open({ page, world }, paths.authenticator);
    await press(page);
    await type(page, { currentPassword: newPassword });
    const secret = (await page.locator('.secret__text').innerText()).replaceAll(' ', '');
    await type(page, {
      code: totpCode(secret, totpStep(Math.floor(world.clock.now() / 1000))),
    });
    await page.locator('.codes').waitFor();
    expect(await page.locator(question).count()).toBe(0);
    await press(page);
    await say();

    await open({ page, world }, paths.close);
    const closing = await codeOf(world, number, () => type(page, { currentPassword: newPassword }));
    await type(page, { code: closing });
    await page.locator('main .button--danger').click();
    await say();
    const flows = [
      'registration',
      'login',
      'password-change',
      'export',
      'authenticator',
      'closing',
    ];
    expect(told).toEqual(flows.map((flow) => ({ flow, worked: flow !== 'login' })));
    await page.context().close();
  });

  it('sends the flow and yes or no, no token, and leaves a count without a person', async () => {
    const page = await browser.open(phone);
    const person = world.someone();
    await logIn({ page, world, person });
    const before = world.logged.length;
    const asked = page.waitForRequest('**/v1/feedback');
    await answer(page, arFeedback.no).click();
    const request = await asked;
    expect(request.postDataJSON()).toEqual({ flow: 'login', worked: false });
    expect(await request.headerValue('authorization')).toBeNull();
    expect((await request.response())?.status()).toBe(204);
    await page.locator(`${question} .notice`).waitFor();
    expect(await page.evaluate('document.activeElement.innerText')).toContain(arFeedback.sorry);
    expect(await faultsInEveryLook(page)).toEqual([]);
    const lines = world.logged.slice(before).join('\n');
    expect(lines.match(/"flow":"login","FlowFailed":1/g)).toHaveLength(1);
    for (const theirs of [person.username, person.phone.slice(4), person.nationalId])
      expect(lines).not.toContain(theirs);
    await page.context().close();
  });

  it('says that an answer did not arrive, and takes it again', async () => {
    const page = await browser.open(phone);
    await open({ page, world }, paths.help);
    await page.route('**/v1/feedback', (route) => route.abort());
    await answer(page, arFeedback.yes).click();
    await page.locator(`${question} [role=alert]`).waitFor();
    expect(await page.locator(`${question} [role=alert]`).innerText()).toBe(arFeedback.lost);
    expect(await faultsInEveryLook(page)).toEqual([]);
    await page.unroute('**/v1/feedback');
    await answer(page, arFeedback.yes).click();
    await page.locator(`${question} .notice--good`).waitFor();
    await page.context().close();
  });

  it('is not missed where its script cannot be loaded', async () => {
    const page = await browser.open(phone);
    await page.route('**/assets/feedback-question-*', (route) => route.abort());
    await logIn({ page, world, person: world.someone() });
    await page.waitForLoadState('networkidle');
    expect(await page.locator(question).count()).toBe(0);
    expect(await page.locator('main [role=alert]').count()).toBe(0);
    await page.context().close();
  });
});

it('dates have the Hijri day beside the Gregorian one, in both languages', async () => {
  const page = await browser.open(phone);
  await logIn({ page, world, person: world.someone() });
  const both = {
    ar: /\d{1,2} \S+\s\d{4} \(\d{1,2} [^()]+\s14\d\d\sهـ\)/,
    en: /\d{1,2} \w+\s\d{4} \(\d{1,2} [^()]+\s14\d\d\sAH\)/,
  };
  for (const path of [paths.account, paths.sessions, paths.privacy, paths.accessibility]) {
    await open({ page, world }, path);
    expect([path, await page.locator('main').innerText()]).toEqual([
      path,
      expect.stringMatching(both.ar),
    ]);
    await page.locator('header button').click();
    expect([path, await page.locator('main').innerText()]).toEqual([
      path,
      expect.stringMatching(both.en),
    ]);
    await page.locator('header button').click();
  }
  await page.context().close();
});
