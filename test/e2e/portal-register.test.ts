import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { local } from '../../lib/config/stages/local.ts';
import { phone as newPhone } from '../support/fakes/builders.ts';
import type { BrowserOptions } from '../support/portal/browser.ts';
import { type Browser, openPortalPlace } from '../support/portal/open-portal.ts';
import { passTime, refusing } from '../support/portal/people.ts';
import { focused, tabTo, watch } from '../support/portal/watched-page.ts';
import { password, type World } from '../support/world/world.ts';

let world: World;
let browser: Browser;
openPortalPlace((place) => {
  ({ world, browser } = place);
}, local);

/** Opens a page in the file's browser, with a profile of its own. */
async function withBrowser<T>(run: (page: Page) => Promise<T>, options?: BrowserOptions) {
  const page = await browser.open(options);
  try {
    return await run(page);
  } finally {
    await page.context().close();
  }
}

const heading = (page: Page) => page.locator('h1').innerText();
const phone = { width: 390 };
const domestic = (number: string) => number.replace('+966', '0');
/** The digits as an Arabic keyboard types them. */
const arabic = (digits: string) =>
  digits.replace(/\d/g, (d) => String.fromCharCode(0x660 + Number(d)));

const words = {
  ar: {
    open: 'فتح حساب جديد',
    phone: 'رقم الجوال',
    code: 'رمز التحقق',
    id: 'رقم الهوية',
    username: 'اسم المستخدم',
    password: 'كلمة المرور',
    accept: 'أوافق على «شروط استخدام البوابة»',
    headings: ['ما رقم جوالك؟', 'اكتب الرمز', 'بياناتك', 'فُتح حسابك'],
    loggedIn: 'سجّلت الدخول.',
    toAccount: 'إلى حسابك',
  },
  en: {
    open: 'Open an account',
    phone: 'Mobile number',
    code: 'Code from the SMS',
    id: 'National ID',
    username: 'Username',
    password: 'Password',
    accept: 'I accept the “Terms of use of the portal”',
    headings: [
      'What is your mobile number?',
      'Type the code',
      'Your details',
      'Your account is open',
    ],
    loggedIn: 'You are logged in.',
    toAccount: 'To your account',
  },
} as const;

it.each(['ar', 'en'] as const)(
  'an account is opened with the keyboard alone (%s)',
  async (language) => {
    const text = words[language];
    const person = world.someone();
    await withBrowser(async (page) => {
      const { faults } = await watch(page, world.serving.url);
      await page.goto(world.serving.url);
      if (language === 'en') {
        await tabTo(page, 'English');
        await page.keyboard.press('Enter');
      }
      expect(
        await page.evaluate('[document.documentElement.lang, document.documentElement.dir]'),
      ).toEqual([language, language === 'ar' ? 'rtl' : 'ltr']);
      await tabTo(page, text.open);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: text.headings[0] }).waitFor();
      expect(await focused(page)).toBe(text.headings[0]);

      await tabTo(page, text.phone);
      await page.keyboard.type(arabic(domestic(person.phone)));
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: text.headings[1] }).waitFor();
      expect(await page.title()).not.toContain(person.phone);

      await tabTo(page, text.code);
      await page.keyboard.type(arabic(await world.code(person.phone)));
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: text.headings[2] }).waitFor();

      await tabTo(page, text.id);
      await page.keyboard.type(person.nationalId);
      await tabTo(page, text.username);
      await page.keyboard.type(person.username);
      await tabTo(page, text.password);
      await page.keyboard.type(person.password);
      await tabTo(page, text.accept);
      await page.keyboard.press('Space');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: text.headings[3] }).waitFor();
      expect(await page.locator('main').innerText()).toContain(person.username);
      await page.getByText(text.loggedIn).waitFor();

      expect(page.url()).toBe(`${world.serving.url}/register`);
      expect(await page.evaluate('[{ ...localStorage }, { ...sessionStorage }]')).toEqual([
        language === 'en' ? { 'hawiya.language': 'en' } : {},
        {},
      ]);
      await tabTo(page, text.toAccount);
      await page.keyboard.press('Enter');
      await page.waitForURL(`${world.serving.url}/account`);
      expect(faults).toEqual([]);
    }, phone);
    // The code of the registration was the only SMS.
    expect(world.inbox.messages(person.phone)).toHaveLength(1);
    expect((await world.typePassword(person)).status).toBe(202);
  },
);

/** Registers as far as the step that asks for the code. */
async function askForCode(page: Page, number: string): Promise<void> {
  await page.goto(`${world.serving.url}/register`);
  await page.getByLabel(words.ar.phone).fill(domestic(number));
  await page.keyboard.press('Enter');
  await page.getByLabel(words.ar.code).waitFor();
}

it('back, reload and the other language lose neither the step nor what was typed', async () => {
  const number = newPhone();
  await withBrowser(async (page) => {
    await askForCode(page, number);
    await page.getByLabel(words.ar.code).fill('12');
    await page.getByRole('button', { name: 'English' }).click();
    expect(await heading(page)).toBe(words.en.headings[1]);
    expect(await page.getByLabel(words.en.code).inputValue()).toBe('12');
    await page.getByRole('button', { name: 'العربية' }).click();

    await page.reload();
    await page.getByLabel(words.ar.code).waitFor();
    expect(await heading(page)).toBe(words.ar.headings[1]);

    await page.goBack();
    await page.getByLabel(words.ar.phone).waitFor();
    await page.goForward();
    await page.getByLabel(words.ar.code).waitFor();
    expect(world.inbox.messages(number).length).toBeLessThanOrEqual(1);
  }, phone);
});

it('a person who goes back and on again with the same number gets no second SMS', async () => {
  const number = newPhone();
  await withBrowser(async (page) => {
    await askForCode(page, number);
    await world.code(number);
    await page.goBack();
    await page.getByLabel(words.ar.phone).waitFor();
    expect(await page.getByLabel(words.ar.phone).inputValue()).toBe(domestic(number));
    await page.keyboard.press('Tab');
    await page.getByLabel(words.ar.phone).press('Enter');
    await page.getByLabel(words.ar.code).waitFor();
    expect(world.inbox.messages(number)).toHaveLength(1);
  }, phone);
});

it('a wrong code is shown beside the field with the attempts left, and the field has the focus', async () => {
  const number = newPhone();
  await withBrowser(async (page) => {
    await askForCode(page, number);
    const field = page.getByLabel(words.ar.code);
    await field.fill(world.wrongCode(await world.code(number)));
    await page.keyboard.press('Enter');
    await page.locator('input[aria-invalid=true]').waitFor();
    const described = await field.getAttribute('aria-describedby');
    const texts = await Promise.all(
      (described ?? '').split(' ').map((id) => page.locator(`[id="${id}"]`).innerText()),
    );
    expect(texts.join(' ')).toContain('الرمز غير صحيح. بقيت 4 محاولات.');
    await expect.poll(() => focused(page)).toBe(words.ar.code);
    // Key by key, as people type: a full field would accept no key.
    await page.keyboard.type(await world.code(number));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: words.ar.headings[2] }).waitFor();
  }, phone);
});

it('a pasted SMS is read and verified at once', async () => {
  const number = newPhone();
  await withBrowser(async (page) => {
    await askForCode(page, number);
    await page.getByLabel(words.ar.code).fill(await world.sms(number));
    await page.getByRole('heading', { name: words.ar.headings[2] }).waitFor();
  }, phone);
});

it("the wait for another SMS follows the server's clock, and that SMS has the same code", async () => {
  const number = newPhone();
  const again = { name: 'أرسل الرسالة مرة أخرى' };
  await withBrowser(async (page) => {
    await askForCode(page, number);
    const code = await world.code(number);
    await page.getByText('يمكنك طلب الرسالة مرة أخرى بعد').waitFor();
    expect(await page.getByRole('button', again).count()).toBe(0);
    world.clock.advance(61);
    // The browser's own clock has not moved: the page learns the time from an answer.
    await page.reload();
    await page.getByRole('button', again).click();
    expect(await world.code(number, 2)).toBe(code);
    await page.getByText('يمكنك طلب الرسالة مرة أخرى بعد').waitFor();
  }, phone);
});

it('an expired step says so, and starting again keeps the typed text', async () => {
  const number = newPhone();
  await withBrowser(async (page) => {
    await askForCode(page, number);
    const code = await world.code(number);
    world.clock.advance(301);
    await page.getByLabel(words.ar.code).fill(code);
    await page.getByText('انتهى وقت هذه الخطوة').waitFor();
    await page.getByRole('button', { name: 'ابدأ من جديد' }).click();
    expect(await page.getByLabel(words.ar.phone).inputValue()).toBe(domestic(number));
  }, phone);
});

it('a lost answer keeps the typed text, and another try sends no second SMS', async () => {
  const number = newPhone();
  await withBrowser(async (page) => {
    await page.goto(`${world.serving.url}/register`);
    await page.getByLabel(words.ar.phone).fill(domestic(number));
    // The answer is lost, not the request.
    await page.route('**/v1/registrations', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await page.keyboard.press('Enter');
    await page.getByText('لا يوجد اتصال بالإنترنت').waitFor();
    await page.unroute('**/v1/registrations');
    await page.getByRole('button', { name: 'أعد المحاولة' }).click();
    await page.getByLabel(words.ar.code).waitFor();
    await world.code(number);
    expect(world.inbox.messages(number)).toHaveLength(1);
  }, phone);
});

it('the first mistake of a form has the focus, and each mistake is shown beside its field', async () => {
  const number = newPhone();
  await withBrowser(async (page) => {
    await askForCode(page, number);
    await page.getByLabel(words.ar.code).fill(await world.code(number));
    await page.getByLabel(words.ar.id).fill('1000000009');
    await page.getByLabel(words.ar.password, { exact: true }).fill('قصيرة');
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toContain(words.ar.id);
    expect(await page.locator('[aria-invalid=true]').count()).toBe(4);
    const other = { ...world.someone(), password };
    await page.getByLabel(words.ar.id).fill(other.nationalId);
    expect(await page.locator('[aria-invalid=true]').count()).toBe(3);
  }, phone);
});

it('a refused username, ID or password is shown beside its field, and the ticket stays usable', async () => {
  const owner = await world.subscriber();
  const newcomer = world.someone();
  await withBrowser(async (page) => {
    await askForCode(page, newcomer.phone);
    await page.getByLabel(words.ar.code).fill(await world.code(newcomer.phone));
    const id = page.getByLabel(words.ar.id);
    const username = page.getByLabel(words.ar.username);
    const typed = page.getByLabel(words.ar.password, { exact: true });
    await id.fill(newcomer.nationalId);
    await username.fill(owner.username);
    await typed.fill('passwordpassword');
    await page.getByLabel(words.ar.accept).check();
    await page.keyboard.press('Enter');
    await page.getByText('هذه من أول ما يجرّبه المخترقون').first().waitFor();
    await typed.fill(newcomer.password);
    await page.keyboard.press('Enter');
    await page.getByText('اسم المستخدم محجوز').waitFor();
    await expect.poll(() => focused(page)).toContain(words.ar.username);
    await username.fill(newcomer.username);
    await id.fill(owner.nationalId);
    await page.keyboard.press('Enter');
    await page.getByText('يوجد حساب مسجّل بهذه الهوية أو الإقامة').first().waitFor();
    await id.fill(newcomer.nationalId);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: words.ar.headings[3] }).waitFor();
  }, phone);
});

it('a new account whose login gets no answer is told to log in, with its username filled in', async () => {
  const person = world.someone();
  await withBrowser(async (page) => {
    await page.route('**/v1/sessions', (route) => route.abort());
    await askForCode(page, person.phone);
    await page.getByLabel(words.ar.code).fill(await world.code(person.phone));
    await page.getByLabel(words.ar.id).fill(person.nationalId);
    await page.getByLabel(words.ar.username).fill(person.username);
    await page.getByLabel(words.ar.password, { exact: true }).fill(person.password);
    await page.getByLabel(words.ar.accept).check();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: words.ar.headings[3] }).waitFor();
    await page.locator('main').getByRole('link', { name: 'تسجيل الدخول' }).click();
    await page.waitForURL(`${world.serving.url}/login`);
    expect(await page.getByLabel(words.ar.username).inputValue()).toBe(person.username);
  }, phone);
});

it('the code field has the focus, says where the SMS went, and allows no autocorrection', async () => {
  const number = newPhone();
  await withBrowser(async (page) => {
    await askForCode(page, number);
    await expect.poll(() => focused(page)).toBe(words.ar.code);
    const field = page.getByLabel(words.ar.code);
    const [lead] = (await field.getAttribute('aria-describedby'))?.split(' ') ?? [];
    expect(await page.locator(`[id="${lead}"]`).innerText()).toContain(number.slice(-3));
    expect(await field.getAttribute('autocorrect')).toBe('off');
  }, phone);
});

it('a person over the SMS limit is told how long to wait, and is not offered another SMS', async () => {
  const number = newPhone();
  await withBrowser(async (page) => {
    await page.clock.install();
    await askForCode(page, number);
    await refusing(page, '/challenges/*/send', 2_000);
    await passTime(page, 61);
    const again = page.getByRole('button', { name: 'أرسل الرسالة مرة أخرى' });
    await again.click();
    await page.getByText('يمكنك إعادة المحاولة بعد 34 دقيقة.').waitFor();
    await page.getByText('إن وصلتك رسالة فاكتب رمزها.').waitFor();
    expect(await again.count()).toBe(0);
    await page.getByLabel(words.ar.code).fill(await world.code(number));
    await page.getByRole('heading', { name: words.ar.headings[2] }).waitFor();
  }, phone);
});

it('five wrong codes lock the step, and the page offers a new start', async () => {
  const number = newPhone();
  await withBrowser(async (page) => {
    await askForCode(page, number);
    const wrong = world.wrongCode(await world.code(number));
    for (let n = 0; n < 5; n++) {
      const answer = page.waitForResponse(/\/verify$/);
      await page.getByLabel(words.ar.code).fill('');
      await page.getByLabel(words.ar.code).fill(wrong);
      await answer;
    }
    // The fifth answer locks the step: the page asks for no sixth code.
    await page.getByText('محاولات خاطئة كثيرة').waitFor();
    expect(await page.getByLabel(words.ar.code).count()).toBe(0);
    await page.getByRole('button', { name: 'ابدأ من جديد' }).click();
    expect(await page.getByLabel(words.ar.phone).inputValue()).toBe(domestic(number));
  }, phone);
});

it('the portal’s host answers each page with the policy, and an unknown path with a 404', async () => {
  const get = (path: string, accept = 'text/html') =>
    fetch(world.serving.url + path, { headers: { accept } });
  const page = await get('/account/sessions');
  expect(page.status).toBe(200);
  const policy = page.headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'; require-trusted-types-for 'script'");
  expect(policy).not.toContain('unsafe');
  expect(await page.text()).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=/);
  expect((await get('/nowhere')).status).toBe(404);
  expect((await get('/nowhere', 'application/json')).headers.get('content-type')).toContain('json');
  expect((await get('/assets/nothing.js')).status).toBe(404);
  expect(await (await get('/config.json')).json()).toEqual({
    contact: local.contact,
    nationalIdLogin: local.nationalIdLogin,
    registrationNumber: local.registrationNumber,
  });
});
