import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { local } from '../../lib/config/stages/local.ts';
import arReset from '../../portal/src/i18n/ar/reset.ts';
import enReset from '../../portal/src/i18n/en/reset.ts';
import { phone as newPhone } from '../support/fakes/builders.ts';
import { type Browser, openPortalPlace } from '../support/portal/open-portal.ts';
import {
  button,
  codesSent,
  describedBy,
  field,
  focusedName,
  heading,
  losingAnswers,
  nthCode,
  passTime,
  visit,
  withApp,
} from '../support/portal/people.ts';
import { tabTo } from '../support/portal/watched-page.ts';
import { owners } from '../support/world/owner.ts';
import type { Person, World } from '../support/world/world.ts';

let world: World;
let browser: Browser;
openPortalPlace((place) => {
  ({ world, browser } = place);
}, local);

const at = (path: string) => `${world.serving.url}${path}`;
const visiting = (run: (page: Page) => Promise<void>, language?: 'ar' | 'en') =>
  visit(world, browser, run, language && { language });
const newPassword = 'سماء صافية فوق البحر';

const words = {
  ar: {
    forgot: 'نسيت كلمة المرور؟',
    id: 'رقم الهوية أو الإقامة',
    headings: ['لنتأكد أنه حسابك', 'هل جوالك معك؟', 'اكتب الرمز', 'كلمة مرور جديدة'],
    send: 'أرسل الرمز',
    code: 'رمز التحقق',
    changed: 'تم تغيير كلمة المرور',
    toAccount: 'إلى حسابك',
    first: 'كلمة المرور الجديدة',
    again: 'كلمة المرور الجديدة مرة أخرى',
  },
  en: {
    forgot: 'Forgot your password?',
    id: 'National ID or Iqama number',
    headings: [
      'Let us make sure it is your account',
      'Do you have your phone with you?',
      'Type the code',
      'A new password',
    ],
    send: 'Send the code',
    code: 'Code from the SMS',
    changed: 'Your password is changed',
    toAccount: 'To your account',
    first: 'New password',
    again: 'New password again',
  },
} as const;
const { ar } = words;

/** Goes as far as the step that sends the code. */
async function sayWho(page: Page, { username, nationalId }: Person): Promise<void> {
  await page.goto(at('/reset'));
  await field(page, 'username').fill(username);
  await field(page, 'nationalId').fill(nationalId);
  await page.keyboard.press('Enter');
  await button(page, ar.send).waitFor();
}

async function askForCode(page: Page, person: Person): Promise<void> {
  await sayWho(page, person);
  await button(page, ar.send).click();
  await page.getByLabel(ar.code).waitFor();
}

/** Goes as far as the new password. @param n the number of the code among those the phone received */
async function proveItIs(page: Page, person: Person, n = 2): Promise<void> {
  await askForCode(page, person);
  await page.getByLabel(ar.code).fill(await nthCode(world, person, n));
  await field(page, 'newPassword').waitFor();
}

async function typePasswords(page: Page, first: string, again = first): Promise<void> {
  await field(page, 'newPassword').fill(first);
  await field(page, 'confirmPassword').fill(again);
  await page.keyboard.press('Enter');
}

async function changed(page: Page, person: Person): Promise<void> {
  await heading(page, ar.changed).waitFor();
  await page.locator('main').getByRole('link', { name: ar.toAccount }).click();
  await page.waitForURL(at('/account'));
  expect((await world.typePassword({ ...person, password: newPassword })).status).toBe(202);
}

it.each(['ar', 'en'] as const)(
  "the ministry's steps work with the keyboard alone: identify, send, code, password twice, logged in (%s)",
  async (language) => {
    const text = words[language];
    const person = await world.subscriber();
    await visiting(async (page) => {
      await page.goto(at('/login'));
      await field(page, 'username').fill(person.username);
      await tabTo(page, text.forgot);
      await page.keyboard.press('Enter');
      await heading(page, text.headings[0]).waitFor();
      expect(await field(page, 'username').inputValue()).toBe(person.username);
      await tabTo(page, text.id);
      await page.keyboard.type(person.nationalId);
      await page.keyboard.press('Enter');

      await heading(page, text.headings[1]).waitFor();
      expect(await page.locator('main').innerText()).not.toContain(person.phone.slice(-3));
      expect(codesSent(world, person)).toBe(1);
      await tabTo(page, text.send);
      await page.keyboard.press('Enter');
      await heading(page, text.headings[2]).waitFor();
      await tabTo(page, text.code);
      await page.keyboard.type(await nthCode(world, person, 2));
      await page.keyboard.press('Enter');

      await heading(page, text.headings[3]).waitFor();
      await tabTo(page, text.first);
      await page.keyboard.type(newPassword);
      await tabTo(page, text.again);
      await page.keyboard.type(newPassword);
      await page.keyboard.press('Enter');
      await heading(page, text.changed).waitFor();
      await tabTo(page, text.toAccount);
      await page.keyboard.press('Enter');
      await page.waitForURL(at('/account'));
      // The code of the reset was the second factor.
      expect(codesSent(world, person)).toBe(2);
    }, language);
  },
);

it('an unknown pair looks like any other at every step, and gets no SMS', async () => {
  const person = await world.subscriber();
  const nobody = { ...world.someone(), username: person.username };
  /** The shown text without digits: countdowns differ. */
  const shown = async (page: Page) => (await page.locator('main').innerText()).replace(/\d+/g, '#');
  async function looks(someone: Person): Promise<string[]> {
    const seen: string[] = [];
    await visiting(async (page) => {
      await sayWho(page, someone);
      seen.push(await shown(page));
      await button(page, ar.send).click();
      await page.getByLabel(ar.code).waitFor();
      seen.push(await shown(page));
      const right = someone === person ? await nthCode(world, person, 2) : '123456';
      for (let tries = 4; tries > 0; tries--) {
        await page.getByLabel(ar.code).fill('');
        await page.getByLabel(ar.code).fill(world.wrongCode(right));
        await expect
          .poll(() => describedBy(page, 'code'))
          .toContain(['', 'محاولة واحدة', 'محاولتان', '3 محاولات', '4 محاولات'][tries]);
      }
      seen.push(await shown(page));
      await page.getByLabel(ar.code).fill(world.wrongCode(right));
      await page.getByText('محاولات خاطئة كثيرة').waitFor();
      seen.push(await shown(page));
      await button(page, 'ابدأ من جديد').click();
      await heading(page, ar.headings[0]).waitFor();
      expect(await field(page, 'username').inputValue()).toBe(someone.username);
      expect(await field(page, 'nationalId').inputValue()).toBe(someone.nationalId);
    });
    return seen;
  }
  const [theirs, decoys] = [await looks(person), await looks(nobody)];
  expect(decoys).toEqual(theirs);
  expect(theirs[0]).toContain('إن كانت بياناتك صحيحة');
  expect(world.inbox.messages(nobody.phone)).toEqual([]);
  expect(codesSent(world, person)).toBe(2);
});

it('an account with an app is asked for its code in the same step, and keeps the typed passwords', async () => {
  const { person, appCode } = await withApp(world);
  await visiting(async (page) => {
    await proveItIs(page, person, codesSent(world, person) + 1);
    await typePasswords(page, newPassword);
    await page.getByText('مطلوب رمز آخر').first().waitFor();
    await expect.poll(() => focusedName(page)).toBe('secondFactor.code');
    await page.keyboard.type(world.wrongCode(appCode()));
    await page.keyboard.press('Enter');
    await page.locator('[aria-invalid=true]').waitFor();
    expect(await describedBy(page, 'secondFactor.code')).toContain('4');
    expect(await field(page, 'newPassword').inputValue()).toBe(newPassword);
    await field(page, 'secondFactor.code').fill(appCode());
    await page.keyboard.press('Enter');
    await changed(page, person);
  });
});

it('a recovery code replaces the app’s code', async () => {
  const { person, recoveryCodes } = await withApp(world);
  await visiting(async (page) => {
    await proveItIs(page, person, codesSent(world, person) + 1);
    await typePasswords(page, newPassword);
    await button(page, 'استخدم رمز استرداد').click();
    await expect.poll(() => focusedName(page)).toBe('secondFactor.code');
    await field(page, 'secondFactor.code').fill('0123');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => describedBy(page, 'secondFactor.code'))
      .toContain('اكتب رمز الاسترداد كاملًا');
    await field(page, 'secondFactor.code').fill(recoveryCodes[0] ?? '');
    await page.keyboard.press('Enter');
    await changed(page, person);
  });
});

it('in the day after a change of phone, the page says in both languages that the former phone is back and no password is set', async () => {
  const person = await world.subscriber();
  const hands = owners(world);
  const thief = await hands.logIn(person);
  const ticket = await hands.phoneTicket(thief, newPhone());
  expect((await hands.act(thief, 'phone/complete', { ticket })).status).toBe(200);
  await visiting(async (page) => {
    await proveItIs(page, person, codesSent(world, person) + 1);
    await typePasswords(page, newPassword);
    await heading(page, arReset.restored.title).waitFor();
    const shown = () => page.locator('main').innerText();
    expect(await shown()).toContain(arReset.restored.noPassword);
    const [before = '', after = ''] = arReset.restored.from.split('{{instant}}');
    expect(await shown()).toMatch(new RegExp(`${before}.+\\d{4}.+${after}`));
    await button(page, 'English').click();
    await heading(page, enReset.restored.title).waitFor();
    expect(await shown()).toContain(enReset.restored.noPassword);
    // The typed password was not set.
    expect((await world.typePassword({ ...person, password: newPassword })).status).toBe(401);
    expect((await world.typePassword(person)).body.challenge.destination).toContain(
      person.phone.slice(-3),
    );
  });
});

it('a weak, a mistyped and a common password are each shown beside the field', async () => {
  const person = await world.subscriber();
  await visiting(async (page) => {
    await proveItIs(page, person);
    await typePasswords(page, 'قصيرة', 'غيرها');
    // Both are wrong: the summary has the focus.
    await page.locator('main form .notice--wrong:focus').waitFor();
    expect(await describedBy(page, 'newPassword')).toContain('ينقصها 7 أحرف');
    expect(await describedBy(page, 'confirmPassword')).toContain('غير متطابقتين');
    await typePasswords(page, 'passwordpassword');
    await expect.poll(() => focusedName(page)).toBe('newPassword');
    expect(await field(page, 'newPassword').getAttribute('aria-invalid')).toBe('true');
    await typePasswords(page, newPassword);
    await changed(page, person);
  });
});

it('each expired step says so, and starting again keeps the typed text', async () => {
  const person = await world.subscriber();
  async function startsAgain(page: Page): Promise<void> {
    await page.getByText('انتهى وقت هذه الخطوة').waitFor();
    await button(page, 'ابدأ من جديد').click();
    await heading(page, ar.headings[0]).waitFor();
    expect(await field(page, 'username').inputValue()).toBe(person.username);
    expect(await field(page, 'nationalId').inputValue()).toBe(person.nationalId);
  }
  await visiting(async (page) => {
    await sayWho(page, person);
    world.clock.advance(301);
    await button(page, ar.send).click();
    await startsAgain(page);

    await page.keyboard.press('Tab');
    await field(page, 'nationalId').press('Enter');
    await button(page, ar.send).click();
    await page.getByLabel(ar.code).fill(await nthCode(world, person, 2));
    await field(page, 'newPassword').waitFor();
    world.clock.advance(601);
    await typePasswords(page, newPassword);
    await page.getByText('جرّب الدخول بالجديدة').waitFor();
    await startsAgain(page);
  });
});

it('back, reload and the other language keep the step, and the same pair gets no second SMS', async () => {
  const person = await world.subscriber();
  await visiting(async (page) => {
    await sayWho(page, person);
    await page.reload();
    await button(page, ar.send).waitFor();
    await page.goBack();
    await field(page, 'nationalId').waitFor();
    // The national ID is in memory only, and a reload forgets it.
    expect(await field(page, 'nationalId').inputValue()).toBe('');
    await field(page, 'nationalId').fill(person.nationalId);
    await page.keyboard.press('Enter');
    await button(page, ar.send).click();
    await page.getByLabel(ar.code).fill('12');
    await button(page, 'English').click();
    expect(await page.getByLabel(words.en.code).inputValue()).toBe('12');
    await button(page, 'العربية').click();
    await nthCode(world, person, 2);
    await page.goBack();
    await field(page, 'nationalId').press('Enter');
    await page.getByLabel(ar.code).waitFor();
    expect(codesSent(world, person)).toBe(2);
    expect(await page.evaluate('JSON.stringify(history.state)')).not.toContain(person.nationalId);
  });
});

it('a late SMS is explained alike for every pair, and is resent with the same code', async () => {
  const person = await world.subscriber();
  await visiting(async (page) => {
    await page.clock.install();
    await askForCode(page, person);
    const code = await nthCode(world, person, 2);
    await passTime(page, 11);
    await page.getByText('قد تتأخر الرسالة دقيقة').waitFor();
    world.clock.advance(61);
    await passTime(page, 61);
    await page.getByText('تأكد من التغطية ومن صحة بياناتك').waitFor();
    await button(page, 'أرسل الرسالة مرة أخرى').click();
    expect(await nthCode(world, person, 3)).toBe(code);
    await page.getByText('يمكنك طلب الرسالة مرة أخرى بعد').waitFor();
  });
});

it('a lost answer changes the password once, and a retry says that it did', async () => {
  const person = await world.subscriber();
  await visiting(async (page) => {
    await page.clock.install();
    await proveItIs(page, person);
    const answers = await losingAnswers(page, '/password-resets/complete');
    await typePasswords(page, newPassword);
    await answers.untilShown(page.getByText('لا يوجد اتصال بالإنترنت'));
    expect(await field(page, 'newPassword').inputValue()).toBe(newPassword);
    await answers.found();
    await button(page, 'أعد المحاولة').click();
    await changed(page, person);
  });
});

it('a reset whose login gets no answer goes on to the login, with the username filled in', async () => {
  const person = await world.subscriber();
  await visiting(async (page) => {
    await proveItIs(page, person);
    await page.route('**/v1/sessions', (route) => route.abort());
    await typePasswords(page, newPassword);
    await page.waitForURL(at('/login'));
    await page.locator('main').getByText(ar.changed).waitFor();
    expect(await field(page, 'username').inputValue()).toBe(person.username);
  });
});

it('the typed text is forgotten after a login, so that the next person at the device finds nothing', async () => {
  const person = await world.subscriber();
  await visiting(async (page) => {
    await sayWho(page, person);
    await page.goBack();
    expect(await field(page, 'nationalId').inputValue()).toBe(person.nationalId);
    await page.locator('main').getByRole('link', { name: 'تسجيل الدخول' }).click();
    await field(page, 'password').fill(person.password);
    await page.keyboard.press('Enter');
    await page.getByLabel(ar.code).fill(await nthCode(world, person, 2));
    await page.waitForURL(at('/account'));
    await page.locator('header').getByRole('link', { name: 'هوية' }).click();
    await page.getByRole('link', { name: ar.forgot }).click();
    await field(page, 'nationalId').waitFor();
    expect(await field(page, 'nationalId').inputValue()).toBe('');
    expect(await field(page, 'username').inputValue()).toBe('');
  });
});
