import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { local } from '../../lib/config/stages/local.ts';
import { paths } from '../../portal/paths.ts';
import arAccount from '../../portal/src/i18n/ar/account.ts';
import arIdle from '../../portal/src/i18n/ar/idle.ts';
import arLogin from '../../portal/src/i18n/ar/login.ts';
import type enIdle from '../../portal/src/i18n/en/idle.ts';
import { axeFaults } from '../support/portal/looks.ts';
import { type Browser, openPortalPlace } from '../support/portal/open-portal.ts';
import { passTime } from '../support/portal/people.ts';
import { codeOf, field, logIn, open, type } from '../support/portal/walk.ts';
import type { World } from '../support/world/world.ts';

/** A computer that several people use: a session there ends with the browser, or when nobody uses it. */
let world: World;
let browser: Browser;
openPortalPlace((place) => {
  ({ world, browser } = place);
}, local);

const minute = 60;
const idleFor = arLogin.idleFor.replace('{{time}}', '20 دقيقة');

/** Lets minutes pass for the server and for all tabs: they share the clock of their profile. */
async function wait(minutes: number, page: Page): Promise<void> {
  world.clock.advance(minutes * minute);
  await passTime(page, minutes * minute);
}

const warning = (page: Page, texts: typeof arIdle | typeof enIdle = arIdle) =>
  page.getByRole('alertdialog', { name: texts.title });

/** Counts the refreshes that were answered. */
const refreshes = (page: Page): (() => number) => {
  let count = 0;
  page.on('requestfinished', (request) => {
    if (request.url().endsWith('/sessions/refresh')) count += 1;
  });
  return () => count;
};

async function work(page: Page, count: () => number): Promise<void> {
  const before = count();
  await page.locator('main h1').click();
  await expect.poll(count).toBe(before + 1);
  // The page takes the answer. A request that is under way when the clock jumps would time out.
  await page.waitForTimeout(300);
}

async function nurse() {
  const person = world.someone();
  const page = await browser.open({ width: 1280 });
  await page.clock.install();
  const count = refreshes(page);
  await logIn({ page, world, person });
  return { page, person, count };
}

/** What a browser keeps when it is closed: cookies with an end, and `localStorage`. */
async function reopened(page: Page): Promise<Page> {
  const { cookies, origins } = await page.context().storageState();
  await page.context().close();
  const kept = cookies.filter(({ expires }) => expires > 0);
  return browser.open({ width: 1280, storageState: { cookies: kept, origins } });
}

it('a nurse on a shared computer is warned, stays, is told that she was away, and leaves nothing to the next person', async () => {
  const { page, person, count } = await nurse();
  await page.getByText(person.username).waitFor();

  // She works. Input keeps the session, and nothing else does.
  await wait(3, page);
  await work(page, count);
  await page.locator('main h1').click();
  await page.keyboard.press('Shift');
  await wait(1, page);
  const worked = count();

  // She is away for eighteen minutes in all.
  await page.locator(`main a[href="${paths.sessions}"]`).focus();
  await wait(16, page);
  expect(await warning(page).count()).toBe(0);
  await wait(2, page);
  await warning(page).waitFor();
  expect(await page.evaluate("document.activeElement.getAttribute('role')")).toBe('alertdialog');
  expect(await warning(page).innerText()).toMatch(/[0-2]:\d\d/);
  expect(await axeFaults(page)).toEqual([]);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await warning(page).waitFor({ state: 'detached' });
  expect(await page.evaluate("document.activeElement.getAttribute('href')")).toBe(paths.sessions);
  expect(count()).toBeGreaterThan(worked);

  // She goes on, and is away for twenty-one minutes then.
  await wait(3, page);
  await work(page, count);
  await wait(18, page);
  await warning(page).waitFor();
  await wait(3, page);
  await page.waitForURL(`**${paths.login}`);
  await page.getByText(idleFor).waitFor();
  expect(await page.locator('body').innerText()).not.toContain(person.username);

  // She logs in once more, and closes the browser without logging out.
  const { username, password, phone } = person;
  const code = await codeOf(world, phone, () => type(page, { username, password }));
  await type(page, { code });
  await page.getByText(username).first().waitFor();
  const next = await reopened(page);
  for (const path of [paths.home, paths.account, paths.login]) {
    await open({ page: next, world }, path);
    expect(await next.locator('body').innerText()).not.toContain(username);
    expect(await next.evaluate('JSON.stringify([history.state, {...localStorage}])')).not.toContain(
      username,
    );
    expect(
      await next.locator('input').evaluateAll((all) => all.map((one) => one.value)),
    ).not.toContain(username);
  }
  await next.waitForURL(`**${paths.login}`);
  await next.context().close();
});

it('a page that nobody touches sends no refresh, and its session ends', async () => {
  const { page, count } = await nurse();
  const before = count();
  for (let passed = 0; passed < 17; passed++) await wait(1, page);
  expect(count()).toBe(before);
  await wait(4, page);
  await page.getByText(idleFor).waitFor();
  await page.context().close();
});

it('with two tabs, work in one keeps both, the answer in one closes the warning in both, and both end', async () => {
  const { page, person, count } = await nurse();
  const other = await page.context().newPage();
  await open({ page: other, world }, paths.sessions);
  await other.getByRole('heading', { level: 1, name: arAccount.sessions.title }).waitFor();
  await wait(10, page);
  await work(page, count);
  await wait(10, page);
  expect([await warning(page).count(), await warning(other).count()]).toEqual([0, 0]);
  await wait(8, page);
  await warning(page).waitFor();
  await warning(other).waitFor();
  await warning(page).getByRole('button', { name: arIdle.stay }).click();
  for (const tab of [page, other]) await warning(tab).waitFor({ state: 'detached' });
  await page.waitForTimeout(300);
  await wait(21, page);
  for (const tab of [page, other]) {
    await tab.getByText(idleFor).waitFor();
    expect(await tab.locator('body').innerText()).not.toContain(person.username);
  }
  await page.context().close();
});

it('the warning can be answered by logging out', async () => {
  const { page, person } = await nurse();
  await wait(18.5, page);
  await warning(page).getByRole('button', { name: arIdle.leave }).click();
  await page.waitForURL(world.serving.url + paths.home);
  expect(await page.locator('body').innerText()).not.toContain(person.username);
  await open({ page, world }, paths.account);
  await page.waitForURL(`**${paths.login}`);
  await page.context().close();
});

it('on one’s own device the session is kept when the browser is closed, and no warning comes', async () => {
  const person = await world.subscriber();
  const page = await browser.open({ width: 390 });
  await page.clock.install();
  await open({ page, world }, paths.login);
  const { username, password, phone } = person;
  await field(page, 'username').fill(username);
  await field(page, 'password').fill(password);
  await page.getByLabel(arLogin.ownDevice).check();
  const code = await codeOf(world, phone, () => page.keyboard.press('Enter'));
  await type(page, { code });
  await page.getByText(username).first().waitFor();
  await wait(60, page);
  expect(await warning(page).count()).toBe(0);
  const later = await reopened(page);
  await open({ page: later, world }, paths.account);
  await later.getByText(username).first().waitFor();
  await later.context().close();
});
