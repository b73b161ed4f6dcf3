import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { paths } from '../../portal/paths.ts';
import arCommon from '../../portal/src/i18n/ar/common.ts';
import arRegister from '../../portal/src/i18n/ar/register.ts';
import arReset from '../../portal/src/i18n/ar/reset.ts';
import enCommon from '../../portal/src/i18n/en/common.ts';
import { axeFaults } from '../support/portal/looks.ts';
import { type Browser, openPortalPlace } from '../support/portal/open-portal.ts';
import { passTime } from '../support/portal/people.ts';
import { codeOf, field, open, press, type } from '../support/portal/walk.ts';
import type { Person, World } from '../support/world/world.ts';

/** Every time limit is told, and a person who needs longer gets it (WCAG 2.2.1). */
let world: World;
let browser: Browser;
openPortalPlace((place) => {
  ({ world, browser } = place);
});

const minute = 60;
const domestic = (number: string) => number.replace('+966', '0');
const main = (page: Page) => page.locator('main').innerText();

/** Lets minutes pass for the page and for the server. What is under way is answered first. */
async function wait(minutes: number, page: Page): Promise<void> {
  await page.waitForTimeout(300);
  world.clock.advance(minutes * minute);
  await passTime(page, minutes * minute);
}

/** A person in the details of a registration. */
async function registering(): Promise<{ readonly page: Page; readonly person: Person }> {
  const person = world.someone();
  const page = await browser.open({ width: 390 });
  await page.clock.install();
  await open({ page, world }, paths.register);
  const code = await codeOf(world, person.phone, () =>
    type(page, { phone: domestic(person.phone) }),
  );
  await field(page, 'code').waitFor();
  await type(page, { code });
  await field(page, 'nationalId').waitFor();
  return { page, person };
}

async function fill(page: Page, { nationalId, username, password }: Person): Promise<void> {
  await field(page, 'nationalId').fill(nationalId);
  await field(page, 'username').fill(username);
  await field(page, 'password').fill(password);
  await page.locator('main [name=terms]').check();
}

const more = (page: Page) => page.getByRole('button', { name: arCommon.time.more });

it('the code’s five minutes are said, counted down without being read out, and their end says what to do', async () => {
  const { phone } = world.someone();
  const page = await browser.open({ width: 390, locale: 'en-GB' });
  await page.clock.install();
  await open({ page, world }, paths.register);
  await type(page, { phone: domestic(phone) });
  await field(page, 'code').waitFor();
  const left = page.locator('main p').filter({ hasText: enCommon.code.validFor });
  expect(await left.innerText()).toMatch(/[45]:\d\d$/);
  expect(await left.getByRole('timer').getAttribute('aria-live')).toBe('off');
  await wait(2, page);
  await wait(2.5, page);
  await page.getByRole('status').getByText(enCommon.code.minuteLeft).waitFor({ state: 'attached' });
  await wait(1, page);
  await page.locator('.notice__title').getByText(enCommon.code.over).waitFor();
  expect(await axeFaults(page)).toEqual([]);
  await page.locator('main').getByRole('button', { name: enCommon.startAgain }).first().click();
  await field(page, 'phone').waitFor();
  expect(await field(page, 'phone').inputValue()).not.toBe('');
  await page.context().close();
});

it('a person who is slow with the details is asked, gets more time in place, and opens the account after 25 minutes', async () => {
  const { page, person } = await registering();
  await fill(page, person);
  for (const slow of [8.2, 8.2, 8.2]) {
    expect(await more(page).count()).toBe(0);
    await wait(slow, page);
    await more(page).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await more(page).click();
    await more(page).waitFor({ state: 'detached' });
  }
  expect(await field(page, 'password').inputValue()).toBe(person.password);
  await press(page);
  await page.getByRole('heading', { level: 1, name: arRegister.done.title }).waitFor();
  await page.context().close();
});

it('after half an hour no more time is given, and a lapsed ticket asks for a new code and loses nothing that was typed', async () => {
  const { page, person } = await registering();
  await fill(page, person);
  for (const slow of [8.2, 8.2, 8.2]) {
    await wait(slow, page);
    await more(page).click();
    await more(page).waitFor({ state: 'detached' });
  }
  await wait(4, page);
  await more(page).click();
  await page.locator('.notice').getByText(arCommon.time.last).waitFor();
  expect(await more(page).count()).toBe(0);
  await wait(2, page);
  await page.locator('.notice__title').getByText(arCommon.time.over).waitFor();

  const again = page.getByRole('button', { name: arRegister.details.newCode });
  const code = await codeOf(world, person.phone, () => again.click());
  await field(page, 'code').waitFor();
  await type(page, { code });
  await field(page, 'nationalId').waitFor();
  const typed = ['nationalId', 'username', 'password'].map((name) =>
    field(page, name).inputValue(),
  );
  expect(await Promise.all(typed)).toEqual([person.nationalId, person.username, person.password]);
  expect(await page.locator('main [name=terms]').isChecked()).toBe(true);
  expect(await page.evaluate('JSON.stringify([{...sessionStorage}, history.state])')).not.toContain(
    person.password,
  );
  await press(page);
  await page.getByRole('heading', { level: 1, name: arRegister.done.title }).waitFor();
  await page.context().close();
});

it('the new password of a reset gets more time in the same way, and a lapsed one says what to do', async () => {
  const person = await world.subscriber();
  const page = await browser.open({ width: 390 });
  await page.clock.install();
  await open({ page, world }, paths.reset);
  const { username, nationalId } = person;
  await type(page, { username, nationalId });
  await page.getByRole('heading', { level: 1, name: arReset.send.title }).waitFor();
  const code = await codeOf(world, person.phone, () => press(page));
  await field(page, 'code').waitFor();
  await type(page, { code });
  await field(page, 'newPassword').waitFor();
  await field(page, 'newPassword').fill('نخلة خضراء فوق البحر');
  await wait(8.5, page);
  await more(page).click();
  await more(page).waitFor({ state: 'detached' });
  expect(await field(page, 'newPassword').inputValue()).toBe('نخلة خضراء فوق البحر');
  await wait(10.5, page);
  await page.getByText(arReset.password.lapsed).waitFor();
  expect(await main(page)).toContain(arCommon.time.over);
  await page.locator('.notice').getByRole('button', { name: arCommon.startAgain }).click();
  await field(page, 'username').waitFor();
  expect(await field(page, 'username').inputValue()).toBe(username);
  await page.context().close();
});
