import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { local } from '../../lib/config/stages/local.ts';
import ar from '../../portal/src/i18n/ar/login.ts';
import en from '../../portal/src/i18n/en/login.ts';
import { type Browser, openPortalPlace } from '../support/portal/open-portal.ts';
import { button, codesSent, field, heading, nthCode, visit } from '../support/portal/people.ts';
import { type Person, toNextHour, type World } from '../support/world/world.ts';

let world: World;
let browser: Browser;
openPortalPlace((place) => {
  ({ world, browser } = place);
}, local);

const texts = { ar, en };
const at = (path: string) => `${world.serving.url}${path}`;
const arrivedAt = (page: Page, path: string) => page.waitForURL(at(path));
const visiting = (run: (page: Page) => Promise<void>, language: 'ar' | 'en' = 'ar') =>
  visit(world, browser, run, { language });

/** Strangers use up the tries at a name. */
async function useUp({ username }: Person): Promise<void> {
  for (let n = 0; n < local.limits.loginsPerAccountAndHour; n++)
    await world.typePassword({ username, password: `a stranger’s guess ${n}` });
}

async function typePassword(page: Page, { username, password }: Person): Promise<void> {
  await field(page, 'username').fill(username);
  await field(page, 'password').fill(password);
  await page.locator('main form button[type=submit]').click();
}

it.each(['ar', 'en'] as const)(
  'an owner whose name strangers have tried too often proves the phone, types the password once, and is in (%s)',
  async (language) => {
    const text = texts[language].phoneFirst;
    const person = await world.subscriber();
    toNextHour(world.clock);
    await useUp(person);
    const before = codesSent(world, person);
    await visiting(async (page) => {
      await page.goto(at('/login'));
      await typePassword(page, person);
      await heading(page, text.title).waitFor();
      // Nobody is texted before the person asks for it.
      expect(codesSent(world, person)).toBe(before);
      await button(page, text.send).click();
      await page.getByText(text.typed).waitFor();
      expect(await page.locator('main').innerText()).not.toContain(person.phone.slice(-3));
      await field(page, 'code').fill(await nthCode(world, person, before + 1));
      await arrivedAt(page, '/account');
      expect(codesSent(world, person)).toBe(before + 1);
    }, language);
  },
);

it('who mistyped the password as well types it again, with the phone proved', async () => {
  const person = await world.subscriber();
  toNextHour(world.clock);
  await useUp(person);
  const before = codesSent(world, person);
  await visiting(async (page) => {
    await page.goto(at('/login'));
    await typePassword(page, { ...person, password: 'كلمة ليست هي' });
    await button(page, ar.phoneFirst.send).click();
    await field(page, 'code').fill(await nthCode(world, person, before + 1));
    await page.getByText('اسم المستخدم أو كلمة المرور غير صحيحة').waitFor();
    await page.getByText(ar.phoneFirst.proved).waitFor();
    expect(await field(page, 'username').inputValue()).toBe(person.username);
    await field(page, 'password').fill(person.password);
    await page.locator('main form button[type=submit]').click();
    await arrivedAt(page, '/account');
  });
});

it('an owner on a new phone is in although a stranger with a thousand addresses tries passwords and presses "send" all day', async () => {
  const person = await world.subscriber();
  toNextHour(world.clock);
  /** The stranger uses up whatever a name gives: its tries, its SMS, and two codes of each. */
  async function anHourOfTheStranger(): Promise<void> {
    await useUp(person);
    for (let n = 0; n < local.limits.sendsPerPhoneAndHour; n++) {
      const { status, body } = await world.typePassword({ ...person, password: `guess ${n}` });
      if (status !== 202) return;
      const { id } = body.challenge;
      await world.post(`/challenges/${id}/send`, {});
      for (const code of ['000000', '111111']) {
        await world.post(`/challenges/${id}/verify`, { code });
      }
    }
  }
  for (let hour = 0; hour < 8; hour++) {
    await anHourOfTheStranger();
    if (hour < 7) world.clock.advance(3600);
  }
  const before = codesSent(world, person);
  const startedAt = world.clock.now();
  const password = 'سماء صافية فوق البحر';
  await visiting(async (page) => {
    await page.goto(at('/login'));
    await typePassword(page, person);
    const notice = page.locator('main .notice');
    await notice.getByText(ar.limit.account).waitFor();
    await notice.getByRole('link', { name: ar.forgot }).click();
    expect(await field(page, 'username').inputValue()).toBe(person.username);
    await field(page, 'nationalId').fill(person.nationalId);
    await page.locator('main form button[type=submit]').click();
    await page.locator('main .button').first().click();
    await field(page, 'code').fill(await nthCode(world, person, before + 1));
    await field(page, 'newPassword').fill(password);
    await field(page, 'confirmPassword').fill(password);
    // The stranger goes on meanwhile.
    await anHourOfTheStranger();
    await page.locator('main form button[type=submit]').click();
    await page.getByText('تم تغيير كلمة المرور').first().waitFor();
    await page.goto(at('/account'));
    await heading(page, 'حسابي').waitFor();
  });
  // No waiting but for the network: the fake clock stands still.
  expect(world.clock.now() - startedAt).toBeLessThan(60_000);
});
