import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { local } from '../../lib/config/stages/local.ts';
import { paths } from '../../portal/paths.ts';
import { phone as somePhone } from '../support/fakes/builders.ts';
import { type Browser, openPortalPlace } from '../support/portal/open-portal.ts';
import { button, describedBy, field, nthCode, visit } from '../support/portal/people.ts';
import { settled } from '../support/portal/walk.ts';
import { owners } from '../support/world/owner.ts';
import type { World } from '../support/world/world.ts';

let world: World;
let browser: Browser;
openPortalPlace((place) => {
  ({ world, browser } = place);
}, local);

const visiting = (run: (page: Page) => Promise<void>, language?: 'ar' | 'en') =>
  visit(world, browser, run, language && { language });

async function open(page: Page, path: string): Promise<void> {
  await page.goto(`${world.serving.url}${path}`);
  await settled(page);
  await page.locator('#portal:not([data-first-screen])').waitFor();
}

const held = (page: Page, name: string) => field(page, name).inputValue();

/**
 * Puts values into fields as a password manager or iOS does: past the keyboard.
 * @param event what it sends afterwards
 */
const fillIn = (page: Page, values: Readonly<Record<string, string>>, event?: 'change') =>
  page.evaluate(`(() => {
    for (const [name, value] of Object.entries(${JSON.stringify(values)})) {
      const input = document.getElementsByName(name)[0];
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input, value);
      if (${JSON.stringify(event)}) input.dispatchEvent(new Event('change', { bubbles: true }));
    }
  })()`);

const submit = (page: Page) => page.locator('main form button[type=submit]').click();

describe('a form that was filled in without the keyboard', () => {
  it.each([
    ['a change event alone', 'change'],
    ['no event at all', undefined],
  ] as const)('is submitted with what its fields hold: %s', async (_what, event) => {
    const person = await world.subscriber();
    await visiting(async (page) => {
      await open(page, paths.login);
      const { username, password } = person;
      await fillIn(page, { username, password }, event);
      await submit(page);
      await field(page, 'code').waitFor();
      await fillIn(page, { code: await nthCode(world, person, 2) }, event);
      // A code that arrives at once is sent at once.
      if (!event) await submit(page);
      await page.waitForURL(`**${paths.account}`);
    });
  });

  it('keeps what it holds while the page is drawn anew, and is submitted with it', async () => {
    const person = await world.subscriber();
    await visiting(async (page) => {
      await open(page, paths.login);
      const { username, password } = person;
      await fillIn(page, { username, password });
      await button(page, 'English').click();
      await page.getByRole('heading', { name: 'Log in' }).waitFor();
      expect([await held(page, 'username'), await held(page, 'password')]).toEqual([
        username,
        password,
      ]);
      await button(page, 'Show Password').click();
      expect(await held(page, 'password')).toBe(password);
      await submit(page);
      await field(page, 'code').waitFor();
    });
  });

  it('is submitted with the last value, where a manager overwrites what was typed', async () => {
    const { username, nationalId } = await world.subscriber();
    await visiting(async (page) => {
      await open(page, paths.reset);
      await field(page, 'username').fill('x');
      await field(page, 'nationalId').fill('1');
      await submit(page);
      await page.locator('main [aria-invalid=true]').first().waitFor();
      await fillIn(page, { username, nationalId });
      await submit(page);
      await page.getByText('أرسل الرمز').first().waitFor();
    });
  });

  it('accepts the terms by a box that was ticked without an event', async () => {
    const person = world.someone();
    await visiting(async (page) => {
      await open(page, paths.register);
      await fillIn(page, { phone: person.phone });
      await submit(page);
      await field(page, 'code').fill(await nthCode(world, person, 1));
      await field(page, 'terms').waitFor();
      const { nationalId, username, password } = person;
      await fillIn(page, { nationalId, username, password });
      await page.evaluate(`document.getElementsByName('terms')[0].checked = true`);
      await submit(page);
      await page.getByText(username).waitFor();
    });
  });
});

it('a person whose phone filled up after the code starts again with another number', async () => {
  const person = world.someone();
  const problem = { code: 'phone_full', status: 409, title: '', instance: '' };
  await visiting(async (page) => {
    await page.route('**/v1/registrations/complete', (route) =>
      route.fulfill({
        status: problem.status,
        contentType: 'application/problem+json',
        body: JSON.stringify(problem),
      }),
    );
    await open(page, paths.register);
    await field(page, 'phone').fill(person.phone);
    await submit(page);
    await field(page, 'code').fill(await nthCode(world, person, 1));
    await field(page, 'terms').waitFor();
    await page.locator('label.choice').click();
    const { nationalId, username, password } = person;
    for (const [name, value] of Object.entries({ nationalId, username, password }))
      await field(page, name).fill(value);
    await submit(page);
    await page.getByText('بلغ هذا الجوال الحد الأقصى من الحسابات').first().waitFor();
    await button(page, 'ابدأ من جديد').click();
    await field(page, 'phone').waitFor();
  });
});

describe('what a paste and a phone’s keyboard add', () => {
  it('is gone from the fields and from all that follows once the form is submitted', async () => {
    const person = await world.subscriber();
    const { username, nationalId } = person;
    await visiting(async (page) => {
      await open(page, paths.reset);
      await field(page, 'username').fill(`\u200e${username.toUpperCase()}\u200e `);
      await field(page, 'nationalId').fill('١');
      await submit(page);
      await page.locator('main [aria-invalid=true]').first().waitFor();
      expect(await held(page, 'username')).toBe(username);
      await field(page, 'nationalId').fill(
        `\u200f${nationalId.slice(0, 4)}–${nationalId.slice(4)}`,
      );
      await submit(page);
      await page.getByText('أرسل الرمز').first().waitFor();
      await page.goBack();
      await field(page, 'username').waitFor();
      expect(await held(page, 'username')).toBe(username);
      expect(await held(page, 'nationalId')).toBe(nationalId);
    });
  });

  it('does not ask for a second SMS for the same number, written in another way', async () => {
    const phone = somePhone();
    const digits = phone.replace('+966', '0');
    const written = digits.replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit)));
    await visiting(async (page) => {
      await open(page, paths.register);
      for (const typed of [written, `${digits.slice(0, 3)}–${digits.slice(3)} `, `tel:${digits}`]) {
        await field(page, 'phone').fill(typed);
        await submit(page);
        await field(page, 'code').waitFor();
        await page.goBack();
        await field(page, 'phone').waitFor();
        expect(await held(page, 'phone')).toBe(digits);
      }
      expect(world.inbox.messages(phone)).toHaveLength(1);
    });
  });
});

const words = {
  ar: {
    arabic: 'اكتب حروفًا إنجليزية أو أرقامًا أو نقطة أو شرطة أو شرطة سفلية فقط.',
    start: 'ابدأ بحرف إنجليزي.',
    length: 'اكتب من 4 إلى 32 خانة.',
    landline: 'نرسل إلى: المملكة العربية السعودية.',
    invisible: 'فيها محرف لا يظهر، ربما من اللصق. اكتبها بيدك.',
    unchanged: 'هذه كلمة مرورك الحالية. اختر غيرها.',
  },
  en: {
    arabic: 'Use only English letters, digits, dots, hyphens and underscores.',
    start: 'Start with an English letter.',
    length: 'Use 4 to 32 characters.',
    landline: 'We send to Saudi Arabia.',
    invisible: 'It has a character that cannot be seen, perhaps from a paste. Type it by hand.',
    unchanged: 'This is your current password. Choose another.',
  },
};

describe.each(['ar', 'en'] as const)('the page says what is wrong, in %s', (language) => {
  const text = words[language];

  it('with a username', async () => {
    await visiting(async (page) => {
      await open(page, paths.login);
      for (const [typed, expected] of [
        ['نورة', text.arabic],
        ['1nora', text.start],
        ['nor', text.length],
      ] as const) {
        await field(page, 'username').fill(typed);
        await submit(page);
        expect(await describedBy(page, 'username')).toContain(expected);
      }
    }, language);
  });

  it('with a landline, beside the field', async () => {
    await visiting(async (page) => {
      await open(page, paths.register);
      await field(page, 'phone').fill('0112345678');
      await submit(page);
      await page.locator('main [aria-invalid=true]').waitFor();
      expect(await describedBy(page, 'phone')).toContain(text.landline);
      expect(await page.locator('main [role=alert]').count()).toBe(0);
    }, language);
  });

  it('with a new password that has a mark in it, or is the current one', async () => {
    const owner = await owners(world).owner();
    await visiting(async (page) => {
      await open(page, paths.login);
      await field(page, 'username').fill(owner.username);
      await field(page, 'password').fill(`${owner.password} `);
      await submit(page);
      await field(page, 'code').fill(await nthCode(world, owner, 3));
      await page.waitForURL(`**${paths.account}`);
      await open(page, paths.password);
      await field(page, 'currentPassword').fill(owner.password);
      for (const name of ['newPassword', 'confirmPassword'])
        await field(page, name).fill(`${owner.password}\u200e`);
      await submit(page);
      expect(await describedBy(page, 'newPassword')).toContain(text.invisible);
      for (const name of ['newPassword', 'confirmPassword'])
        await field(page, name).fill(owner.password);
      await submit(page);
      await page.getByText(text.unchanged).waitFor();
      expect(await describedBy(page, 'newPassword')).toContain(text.unchanged);
      expect((await owners(world).account(owner)).status).toBe(200);
    }, language);
  });
});
