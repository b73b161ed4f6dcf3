import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { paths } from '../../portal/paths.ts';
import ar from '../../portal/src/i18n/ar/account.ts';
import arCommon from '../../portal/src/i18n/ar/common.ts';
import arLogin from '../../portal/src/i18n/ar/login.ts';
import { type Browser, openPortalPlace } from '../support/portal/open-portal.ts';
import { passTime } from '../support/portal/people.ts';
import { codeOf, field, open, press, type } from '../support/portal/walk.ts';
import type { Person, World } from '../support/world/world.ts';

/** A device that several people use, one after the other, and a step that stays until its person leaves it. */
let world: World;
let browser: Browser;
openPortalPlace((place) => {
  ({ world, browser } = place);
});

const phone = { width: 390 };
const domestic = (number: string) => number.replace('+966', '0');
const main = (page: Page) => page.locator('main').innerText();
const stateOf = (page: Page): Promise<string> => page.evaluate('JSON.stringify(history.state)');
const heading = (page: Page, name: string) =>
  page.getByRole('heading', { level: 1, name, exact: true }).waitFor();

async function logIn(page: Page, { username, password }: Person): Promise<void> {
  await type(page, { username, password });
  await page.waitForURL(`**${paths.account}`);
  await page.getByText(username).waitFor();
}

/** Opens a browser in which the person is logged in. */
async function visitOf(person: Person): Promise<Page> {
  const page = await browser.open(phone);
  await open({ page, world }, paths.login);
  await logIn(page, person);
  return page;
}

it('the skip link keeps the step and its history entry, and moves the focus into the page', async () => {
  const { phone: number } = world.someone();
  const page = await browser.open(phone);
  await open({ page, world }, paths.register);
  await type(page, { phone: domestic(number) });
  await field(page, 'code').waitFor();
  const before = [await page.locator('h1').innerText(), await stateOf(page), page.url()];
  await page.locator('a.skip').focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('content');
  expect([await page.locator('h1').innerText(), await stateOf(page), page.url()]).toEqual(before);
  await page.context().close();
});

it('back shows the next person no step, username or closed account of the previous person', async () => {
  const [first, next] = [await world.subscriber(), await world.subscriber()];
  const page = await visitOf(first);
  await page.locator(`main a[href="${paths.close}"]`).click();
  await field(page, 'currentPassword').waitFor();
  const code = await codeOf(world, first.phone, () =>
    type(page, { currentPassword: first.password }),
  );
  await field(page, 'code').fill(code);
  await heading(page, ar.close.lastTitle);
  await press(page);
  await heading(page, ar.close.done);
  // The same person still sees it after a reload.
  await page.reload();
  await heading(page, ar.close.done);
  await page.locator(`main a[href="${paths.home}"]`).click();
  await page.locator(`main a[href="${paths.login}"]`).first().click();
  await logIn(page, next);

  const entries: number = await page.evaluate('history.length');
  for (let n = 1; n < entries; n++) {
    await page.evaluate('history.back()');
    await page.waitForTimeout(150);
    if (!page.url().startsWith(world.serving.url)) break;
    const shown = (await main(page)) + (await stateOf(page));
    for (const theirs of [first.username, ar.close.done, ar.close.lastTitle])
      expect(shown).not.toContain(theirs);
    // A reload takes over the entry's state, and must not show it either.
    if (new URL(page.url()).pathname === paths.close) {
      await page.reload();
      await field(page, 'currentPassword').waitFor();
      expect(await main(page)).not.toContain(ar.close.done);
      return page.context().close();
    }
  }
  throw new Error('The history never reached the closed account');
});

it('a log-out in another tab removes the person’s step from this tab and from its history', async () => {
  const person = await world.subscriber();
  const page = await visitOf(person);
  const other = await page.context().newPage();
  await open({ page: other, world }, paths.phone);
  const { phone: number } = world.someone();
  await type(other, { currentPassword: person.password, phone: domestic(number) });
  await field(other, 'code').waitFor();
  expect(await stateOf(other)).toContain(number.slice(-3));
  await page.getByRole('button', { name: ar.logOut }).click();
  await other.getByText(arLogin.ended['log-out']).waitFor();
  expect(await stateOf(other)).toBe(`{"then":"${paths.phone}"}`);
  await page.context().close();
});

it('a page restored by the browser shows no account before it knows the person, and ends for another one', async () => {
  const [first, next] = [await world.subscriber(), await world.subscriber()];
  const page = await visitOf(first);
  // Log in as another page of this browser does, without this page hearing of it.
  const { username, password } = next;
  await page.evaluate(
    async (body) => {
      const headers = { 'content-type': 'application/json', 'x-hawiya-client': 'browser' };
      const answer = await fetch('/v1/sessions', { method: 'POST', headers, body });
      if (answer.status !== 201) throw new Error(await answer.text());
    },
    JSON.stringify({ username, password, tokens: 'cookie' }),
  );
  await page.evaluate(`dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))`);
  await page.locator('.notice__title').getByText(arCommon.problem.unauthenticated.title).waitFor();
  expect(await main(page)).not.toContain(first.username);
  expect(await main(page)).not.toContain(next.username);
  await page.context().close();
});

it('a typed national ID is kept for a quarter of an hour, and then forgotten', async () => {
  const { username, nationalId } = await world.subscriber();
  const page = await browser.open(phone);
  await page.clock.install();
  await open({ page, world }, paths.reset);
  const send = page.getByRole('heading', { name: 'هل جوالك معك؟' });
  await type(page, { username, nationalId });
  await send.waitFor();
  await passTime(page, 14 * 60);
  await page.goBack();
  await field(page, 'nationalId').waitFor();
  expect(await field(page, 'nationalId').inputValue()).toBe(nationalId);
  await page.goForward();
  await send.waitFor();
  // A step stores its text after the next frame. Wait for it: the moved clock would make the text look fresh.
  await page.waitForTimeout(200);
  await passTime(page, 15 * 60 + 1);
  await page.goBack();
  await field(page, 'nationalId').waitFor();
  expect(await field(page, 'nationalId').inputValue()).toBe('');
  await page.context().close();
});

it('a used code is not offered again, and the same number gets a new one', async () => {
  const { phone: number } = world.someone();
  const page = await browser.open(phone);
  await open({ page, world }, paths.register);
  await type(page, { phone: domestic(number) });
  await field(page, 'code').waitFor();
  await field(page, 'code').fill(await world.code(number));
  await field(page, 'nationalId').waitFor();
  await page.goBack();
  await field(page, 'phone').waitFor();
  world.clock.advance(61);
  const code = await codeOf(world, number, () => type(page, { phone: domestic(number) }));
  await field(page, 'code').fill(code);
  await field(page, 'nationalId').waitFor();
  await page.context().close();
});
