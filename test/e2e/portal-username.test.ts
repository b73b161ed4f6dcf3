import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { reminderMessage } from '#core/delivery/notice-messages.ts';
import { local } from '../../lib/config/stages/local.ts';
import arLogin from '../../portal/src/i18n/ar/login.ts';
import arReset from '../../portal/src/i18n/ar/reset.ts';
import arUsername from '../../portal/src/i18n/ar/username.ts';
import enLogin from '../../portal/src/i18n/en/login.ts';
import enReset from '../../portal/src/i18n/en/reset.ts';
import enUsername from '../../portal/src/i18n/en/username.ts';
import { type Browser, openPortalPlace } from '../support/portal/open-portal.ts';
import {
  button,
  describedBy,
  field,
  focusedName,
  heading,
  nthCode,
  refusing,
  visit,
} from '../support/portal/people.ts';
import { tabTo } from '../support/portal/watched-page.ts';
import type { Person, World } from '../support/world/world.ts';

let world: World;
let browser: Browser;
openPortalPlace((place) => {
  ({ world, browser } = place);
}, local);

const texts = {
  ar: { login: arLogin, reset: arReset, username: arUsername },
  en: { login: enLogin, reset: enReset, username: enUsername },
};
const at = (path: string) => `${world.serving.url}${path}`;
const visiting = (run: (page: Page) => Promise<void>, language: 'ar' | 'en' = 'ar') =>
  visit(world, browser, run, { language });
const link = (page: Page, name: string) =>
  page.locator('main').getByRole('link', { name, exact: true });
const typed = (phone: string) => phone.replace('+966', '0');

/** The username in the SMS, as the person reads it there. */
async function usernameInSms({ phone }: Person): Promise<string> {
  const body = await world.sms(phone, 2);
  return body.split('\n')[1] ?? '';
}

async function ask(page: Page, { nationalId, phone }: Pick<Person, 'nationalId' | 'phone'>) {
  await field(page, 'nationalId').fill(nationalId);
  await field(page, 'phone').fill(typed(phone));
  await page.keyboard.press('Enter');
}

describe('a person who forgot the username', () => {
  it.each(['ar', 'en'] as const)(
    'gets it by SMS with the keyboard alone, from the login, in %s',
    async (language) => {
      const text = texts[language];
      const person = await world.subscriber();
      await visiting(async (page) => {
        await page.goto(at('/login'));
        await tabTo(page, text.login.forgotUsername);
        await page.keyboard.press('Enter');
        await heading(page, text.username.ask.title).waitFor();
        await tabTo(page, text.username.ask.nationalId);
        await page.keyboard.type(person.nationalId);
        await tabTo(page, text.username.ask.phone);
        await page.keyboard.type(typed(person.phone));
        await page.keyboard.press('Enter');
        await heading(page, text.username.sent.title).waitFor();
        expect(await world.sms(person.phone, 2)).toBe(reminderMessage(person.username, language));
        await link(page, text.username.sent.logIn).click();
        await page.waitForURL(at('/login'));
      }, language);
    },
  );

  it('finds the page from the reset, and sees the same page for numbers that nobody has', async () => {
    const [person, nobody] = [await world.subscriber(), world.someone()];
    const seen: string[] = [];
    for (const pair of [person, nobody]) {
      await visiting(async (page) => {
        await page.goto(at('/reset'));
        await link(page, arReset.identify.forgotUsername).click();
        await ask(page, pair);
        await heading(page, arUsername.sent.title).waitFor();
        seen.push(await page.locator('main').innerText());
      });
    }
    expect(seen[1]).toBe(seen[0]);
    expect(seen[0]).not.toContain(person.username);
  });

  it('corrects a number in its place, and keeps both after "check the numbers"', async () => {
    const person = await world.subscriber();
    await visiting(async (page) => {
      await page.goto(at('/username'));
      await ask(page, { nationalId: '1000000009', phone: person.phone });
      await page.locator('main [aria-invalid=true]').waitFor();
      await expect.poll(() => focusedName(page)).toBe('nationalId');
      expect(await describedBy(page, 'nationalId')).toContain('10');
      await ask(page, person);
      await heading(page, arUsername.sent.title).waitFor();
      await button(page, arUsername.sent.change).click();
      expect(await field(page, 'nationalId').inputValue()).toBe(person.nationalId);
      expect(await field(page, 'phone').inputValue()).not.toBe('');
      await page.goBack();
      await page.goForward();
      await field(page, 'phone').waitFor();
    });
  });

  it('is told beside the field that no SMS goes to a landline, and how long to wait where the network has asked often', async () => {
    const { nationalId, phone } = world.someone();
    await visiting(async (page) => {
      await page.goto(at('/username'));
      await ask(page, { nationalId, phone: '+966112345678' });
      await page.locator('main [aria-invalid=true]').waitFor();
      await expect.poll(() => focusedName(page)).toBe('phone');
      await refusing(page, '/username-reminders', 1800);
      await ask(page, { nationalId, phone });
      await page.locator('main [role=alert]').first().waitFor();
      expect(await field(page, 'nationalId').inputValue()).toBe(nationalId);
    });
  });
});

/** All that the tab and the browser store, and the state of each entry of the history that is open. */
const stored = (page: Page): Promise<string> =>
  page.evaluate(
    'JSON.stringify([{ ...sessionStorage }, { ...localStorage }, history.state, location.href])',
  );

describe('a person who knows the national ID only', () => {
  it('logs in with it, and the tab keeps the ID nowhere', async () => {
    const person = await world.subscriber();
    await visiting(async (page) => {
      await page.goto(at('/login'));
      await page.getByLabel(arLogin.name).fill(` ${person.nationalId}`);
      await field(page, 'password').fill('كلمة أخرى تماما');
      await page.keyboard.press('Enter');
      await page.locator('main .notice--wrong').waitFor();
      expect(await stored(page)).not.toContain(person.nationalId);
      await field(page, 'password').fill(person.password);
      await page.keyboard.press('Enter');
      // An ID has one try an hour. Then the phone comes first, and nobody types name or password again.
      await button(page, arLogin.phoneFirst.send).click();
      await field(page, 'code').waitFor();
      expect(await stored(page)).not.toContain(person.nationalId);
      await page.goBack();
      await field(page, 'password').waitFor();
      expect(await stored(page)).not.toContain(person.nationalId);
      await page.goForward();
      await field(page, 'code').fill(await nthCode(world, person, 2));
      await page.waitForURL(at('/account'));
    });
  });

  it('is led to the username where too many logins with IDs fail', async () => {
    await visiting(async (page) => {
      await page.goto(at('/login'));
      await page.route('**/v1/sessions', (route) =>
        route.fulfill({
          status: 429,
          contentType: 'application/problem+json',
          body: JSON.stringify({
            code: 'too_many_requests',
            status: 429,
            limit: 'national-id',
            retryAfter: 600,
          }),
        }),
      );
      await field(page, 'username').fill(world.someone().nationalId);
      await field(page, 'password').fill('any password at all');
      await page.keyboard.press('Enter');
      const notice = page.locator('main [role=alert]').first();
      await notice.getByText(arLogin.limit['national-id']).waitFor();
      await notice.getByRole('link', { name: arLogin.forgotUsername }).click();
      await heading(page, arUsername.ask.title).waitFor();
    });
  });

  it('is told beside the field that the ID is mistyped', async () => {
    await visiting(async (page) => {
      await page.goto(at('/login'));
      await field(page, 'username').fill('1000000009');
      await field(page, 'password').fill('any password at all');
      await page.keyboard.press('Enter');
      await page.locator('main [aria-invalid=true]').waitFor();
      expect(await describedBy(page, 'username')).toContain('10');
    });
  });
});

describe('a day in the life', () => {
  it('a person of 65 mistypes the password twice with a keyboard’s blank, forgets the username, gets it, resets and is in', async () => {
    const person = await world.subscriber();
    const newPassword = 'نخلة عالية قرب البئر';
    const began = world.clock.now();
    await visiting(async (page) => {
      await page.goto(at('/login'));
      // The keyboard adds a blank after a word. The password is another one: the person has mixed up two.
      for (let n = 0; n < 2; n++) {
        await field(page, 'username').fill(`${person.username} `);
        await field(page, 'password').fill('حصان أزرق يقرأ كتبا ');
        await page.keyboard.press('Enter');
        await page.locator('main .notice--wrong').waitFor();
      }
      // Tired, the person is no longer sure of the username either.
      await link(page, arLogin.forgotUsername).click();
      await ask(page, person);
      await heading(page, arUsername.sent.title).waitFor();
      const username = await usernameInSms(person);
      expect(username).toBe(person.username);

      await link(page, arUsername.sent.forgotPassword).click();
      await field(page, 'username').fill(`${username} `);
      await field(page, 'nationalId').fill(person.nationalId);
      await page.keyboard.press('Enter');
      await button(page, arReset.send.send).click();
      await field(page, 'code').fill(await nthCode(world, person, 2));
      await field(page, 'newPassword').fill(newPassword);
      await field(page, 'confirmPassword').fill(newPassword);
      await page.keyboard.press('Enter');
      // The ticket of the reset logs in: no second SMS, no form again.
      await heading(page, arReset.done.title).waitFor();
      await page.getByText(arReset.done.loggedIn).waitFor();
      await page.goto(at('/account'));
      await page.locator('main').getByText(person.username).first().waitFor();
    });
    // Nobody had to wait, not even for a resend: three SMS came, of the account, the username and the reset.
    expect(world.inbox.messages(person.phone).length).toBeLessThanOrEqual(4);
    expect(world.clock.now() - began).toBeLessThan(60_000);
  });
});
