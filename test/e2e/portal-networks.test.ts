import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { paths } from '../../portal/paths.ts';
import { type Browser, openPortalPlace } from '../support/portal/open-portal.ts';
import { field, open, type } from '../support/portal/walk.ts';
import { watch } from '../support/portal/watched-page.ts';
import type { World } from '../support/world/world.ts';

let world: World;
let browser: Browser;
openPortalPlace((place) => {
  ({ world, browser } = place);
});

const phone = { width: 390 };
const text = (page: Page, said: string) => page.getByText(said, { exact: true }).first().waitFor();
const domestic = (number: string) => number.replace('+966', '0');

/** Registers as far as the step that asks for the code. */
async function askForCode(page: Page, number: string): Promise<void> {
  await open({ page, world }, paths.register);
  await type(page, { phone: domestic(number) });
  await field(page, 'code').waitFor();
}

it('two tabs are independent: each has its own step and its own code', async () => {
  const [here, there] = [world.someone(), world.someone()];
  const page = await browser.open(phone);
  const other = await page.context().newPage();
  await askForCode(page, here.phone);
  await askForCode(other, there.phone);
  await page.reload();
  await field(page, 'code').waitFor();
  expect(await page.locator('main').innerText()).toContain(here.phone.slice(-3));
  await type(other, { code: await world.code(there.phone) });
  await type(page, { code: await world.code(here.phone) });
  for (const tab of [page, other]) await field(tab, 'nationalId').waitFor();

  await field(other, 'username').fill(there.username);
  await page.getByRole('button', { name: 'English' }).click();
  expect(await field(other, 'username').inputValue()).toBe(there.username);
  expect(await other.locator('html').getAttribute('lang')).toBe('ar');
  await page.context().close();
});

it('the details step keeps the typed text in the other language, and survives a reload', async () => {
  const person = world.someone();
  const page = await browser.open(phone);
  await askForCode(page, person.phone);
  await type(page, { code: await world.code(person.phone) });
  const { username, nationalId, password } = person;
  const typed = { nationalId, username, password };
  for (const [name, value] of Object.entries(typed)) await field(page, name).fill(value);
  await page.locator('label.choice').click();
  await page.getByRole('button', { name: 'English' }).click();
  for (const [name, value] of Object.entries(typed))
    expect(await field(page, name).inputValue()).toBe(value);
  expect(await field(page, 'terms').isChecked()).toBe(true);

  await page.reload();
  await field(page, 'terms').waitFor();
  await page.locator('label.choice').click();
  await type(page, typed);
  await page.getByRole('heading', { name: 'Your account is open' }).waitFor();
  // Back does not lead to a completed step.
  await page.goBack();
  await field(page, 'phone').waitFor();
  expect(await field(page, 'phone').inputValue()).toBe('');
  await page.context().close();
});

it('the page says that it is offline, keeps the typed text, and continues with one press', async () => {
  const { phone: number } = world.someone();
  const page = await browser.open(phone);
  await open({ page, world }, paths.register);
  await field(page, 'phone').fill(domestic(number));
  await page.context().setOffline(true);
  await page.keyboard.press('Enter');
  await text(page, 'لا يوجد اتصال بالإنترنت');
  expect(await page.locator('main').getByRole('alert').innerText()).toContain('لن يتكرر طلبك.');
  expect(await field(page, 'phone').inputValue()).toBe(domestic(number));
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'أعد المحاولة' }).click();
  await field(page, 'code').waitFor();
  await world.code(number);
  expect(world.inbox.messages(number)).toHaveLength(1);
  await page.context().close();
});

it('a page whose script does not load says so, and loads when the network is back', async () => {
  const page = await browser.open(phone);
  const { faults } = await watch(page, world.serving.url);
  await open({ page, world }, paths.home);
  await page.context().setOffline(true);
  await page.locator(`footer a[href="${paths.terms}"]`).click();
  await text(page, 'تعذّر تحميل هذه الصفحة');
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'أعد المحاولة' }).click();
  await page.getByRole('heading', { name: 'شروط الاستخدام', exact: true }).waitFor();
  expect(new URL(page.url()).pathname).toBe(paths.terms);
  expect(faults.filter((fault) => !/ERR_INTERNET_DISCONNECTED/.test(fault))).toEqual([]);
  await page.context().close();
});

it('a portal whose own script does not load says so in the language last chosen, and loads when tried again', async () => {
  const page = await browser.open(phone);
  await page.route('**/assets/index-*.js', (route) => route.abort());
  await page.goto(world.serving.url + paths.login);
  await page.getByRole('heading', { name: 'تعذّر تحميل البوابة' }).waitFor();
  await page.evaluate(`localStorage.setItem('hawiya.language', 'en')`);
  await page.reload();
  await page.getByRole('alert').getByText('call us on 937').waitFor();
  await page.unroute('**/assets/index-*.js');
  await page.getByRole('button', { name: 'Try again' }).click();
  await field(page, 'password').waitFor();
  expect(await page.locator('main').count()).toBe(1);
  expect(await page.locator('h1').allInnerTexts()).toEqual(['Log in']);
  await page.context().close();
});

it('on a slow network the page says that it keeps trying, then that no answer came, all under one key', async () => {
  const { phone: number } = world.someone();
  const page = await browser.open(phone);
  await page.clock.install();
  await open({ page, world }, paths.register);
  const keys: (string | undefined)[] = [];
  await page.route('**/v1/registrations', (route) => {
    keys.push(route.request().headers()['idempotency-key']);
  });
  await type(page, { phone: domestic(number) });
  await page.locator('button[aria-disabled=true]').waitFor();
  await page.keyboard.press('Enter');
  await page.clock.runFor(7_000);
  await text(page, 'الشبكة بطيئة، وما زلنا نحاول. لا تغلق الصفحة.');
  expect(keys).toHaveLength(1);
  while ((await page.getByText('لم يصلنا رد').count()) === 0) {
    await page.clock.runFor(2_000);
    await sleep(20);
  }
  await text(page, 'لم يصلنا رد');
  expect(await field(page, 'phone').inputValue()).toBe(domestic(number));

  await page.unroute('**/v1/registrations');
  const again = page.waitForRequest('**/v1/registrations');
  await page.getByRole('button', { name: 'أعد المحاولة' }).click();
  keys.push((await again).headers()['idempotency-key']);
  await field(page, 'code').waitFor();
  expect(keys.length).toBeGreaterThan(1);
  expect(new Set(keys).size).toBe(1);
  await page.context().close();
});

it('a page that only reads promises nothing about requests, and offers another try after every error', async () => {
  const page = await browser.open(phone);
  const pattern = '**/v1/terms*';
  const alert = page.locator('main').getByRole('alert');
  await page.route(pattern, (route) => route.abort());
  await page.goto(`${world.serving.url}${paths.terms}`);
  await text(page, 'لا يوجد اتصال بالإنترنت');
  expect(await alert.innerText()).not.toContain('لن يتكرر');
  await page.unroute(pattern);
  const contentType = 'application/problem+json';
  for (const [body, title] of [
    ['<p>proxy</p>', 'حدث خطأ لم نتوقعه'],
    [JSON.stringify({ code: 'newer', status: 418, title: 'جديد' }), 'جديد'],
  ] as const) {
    await page.route(pattern, (route) => route.fulfill({ status: 418, contentType, body }));
    await alert.getByRole('button', { name: 'أعد المحاولة' }).click();
    await text(page, title);
    await page.unroute(pattern);
  }
  await alert.getByRole('button', { name: 'أعد المحاولة' }).click();
  await page.locator('main .page__lead').waitFor();
  await page.context().close();
});

it('a person who continues before the terms have loaded is told to wait, and then asked for them', async () => {
  const person = world.someone();
  const page = await browser.open(phone);
  await askForCode(page, person.phone);
  const held = Promise.withResolvers<void>();
  await page.route('**/v1/terms*', async (route) => {
    await held.promise;
    await route.continue();
  });
  await type(page, { code: await world.code(person.phone) });
  const { nationalId, username, password } = person;
  await type(page, { nationalId, username, password });
  await page.locator('.unseen[role=status]').getByText('لحظة من فضلك…').waitFor();
  held.resolve();
  await page.locator('label.choice').click();
  await field(page, 'username').press('Enter');
  await page.locator('main').getByText(username).waitFor();
  await page.context().close();
});

it('changed details after a lost answer are a new request, and the page says that the account may be open', async () => {
  const person = world.someone();
  const page = await browser.open(phone);
  await askForCode(page, person.phone);
  await type(page, { code: await world.code(person.phone) });
  const pattern = '**/v1/registrations/complete';
  const keys = new Set<string | undefined>();
  page.on('request', (request) => {
    if (request.url().endsWith('/complete')) keys.add(request.headers()['idempotency-key']);
  });
  await page.route(pattern, async (route) => {
    await route.fetch();
    await route.abort();
  });
  await page.locator('label.choice').click();
  const { nationalId, username, password } = person;
  await type(page, { nationalId, username, password });
  await page.getByText('لا يوجد اتصال بالإنترنت').waitFor();
  await page.unroute(pattern);
  await type(page, { username: `${username}.2` });
  await page.locator('main').getByRole('alert').getByText('فربما فُتح حسابك').waitFor();
  expect(keys.size).toBe(2);
  await page.locator('main').getByRole('alert').getByRole('link', { name: 'تسجيل الدخول' }).click();
  await field(page, 'password').waitFor();
  await page.context().close();
});
