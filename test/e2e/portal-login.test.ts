import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { local } from '../../lib/config/stages/local.ts';
import arAccount from '../../portal/src/i18n/ar/account.ts';
import arLogin from '../../portal/src/i18n/ar/login.ts';
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
  refusing,
  visit,
  withApp,
} from '../support/portal/people.ts';
import { focused, tabTo } from '../support/portal/watched-page.ts';
import { type Person, toNextHour, type World } from '../support/world/world.ts';

let world: World;
let browser: Browser;
openPortalPlace((place) => {
  ({ world, browser } = place);
}, local);

const at = (path: string) => `${world.serving.url}${path}`;
const visiting = (run: (page: Page) => Promise<void>, language?: 'ar' | 'en') =>
  visit(world, browser, run, language && { language });
const arrivedAt = (page: Page, path: string) => page.waitForURL(at(path));

const words = {
  ar: {
    logIn: 'تسجيل الدخول',
    username: 'اسم المستخدم أو رقم الهوية أو الإقامة',
    password: 'كلمة المرور',
    remember: 'هذا جهازي الخاص',
    title: 'تسجيل الدخول',
    typeCode: 'اكتب الرمز',
    code: 'رمز التحقق',
    typeAppCode: 'اكتب رمز التطبيق',
    app: 'رمز تطبيق المصادقة',
    useRecovery: 'استخدم رمز استرداد',
    typeRecovery: 'اكتب رمز استرداد',
    recovery: 'رمز الاسترداد',
    useSms: 'أرسل رمزًا إلى جوالي',
  },
  en: {
    logIn: 'Log in',
    username: 'Username, national ID or Iqama number',
    password: 'Password',
    remember: 'This is my own device',
    title: 'Log in',
    typeCode: 'Type the code',
    code: 'Code from the SMS',
    typeAppCode: 'Type the code of your app',
    app: 'Code from the authenticator app',
    useRecovery: 'Use a recovery code',
    typeRecovery: 'Type a recovery code',
    recovery: 'Recovery code',
    useSms: 'Send a code to my phone',
  },
} as const;
const { ar } = words;

async function typePassword(page: Page, person: Pick<Person, 'username' | 'password'>) {
  await field(page, 'username').fill(person.username);
  await field(page, 'password').fill(person.password);
  await page.keyboard.press('Enter');
}

/** Logs in as far as the step that asks for the SMS code. */
async function askForCode(page: Page, person: Person, typed = ar.code): Promise<void> {
  await page.goto(at('/login'));
  await typePassword(page, person);
  await page.getByLabel(typed).waitFor();
}

it.each(['ar', 'en'] as const)(
  'a person logs in with the keyboard alone, and on a remembered device with the password alone (%s)',
  async (language) => {
    const text = words[language];
    const person = await world.subscriber();
    await visiting(async (page) => {
      await page.goto(at('/'));
      await tabTo(page, text.logIn);
      await page.keyboard.press('Enter');
      await heading(page, text.title).waitFor();
      expect(await focused(page)).toBe(text.title);
      await tabTo(page, text.username);
      await page.keyboard.type(person.username);
      await tabTo(page, text.password);
      await page.keyboard.type(person.password);
      await tabTo(page, text.remember);
      expect(await page.getByLabel(text.remember).isChecked()).toBe(false);
      await page.keyboard.press('Space');
      await page.keyboard.press('Enter');

      await heading(page, text.typeCode).waitFor();
      expect(await page.locator('main').innerText()).toContain(person.phone.slice(-3));
      await tabTo(page, text.code);
      await page.keyboard.type(await nthCode(world, person, 2));
      await page.keyboard.press('Enter');
      await arrivedAt(page, '/account');
      expect(
        await page.evaluate('Object.keys(localStorage).concat(Object.keys(sessionStorage))'),
      ).toEqual(language === 'en' ? ['hawiya.language'] : []);

      await page.context().clearCookies({ name: '__Host-hawiya-session' });
      await page.goto(at('/login'));
      await typePassword(page, person);
      await arrivedAt(page, '/account');
      expect(codesSent(world, person)).toBe(2);
    }, language);
  },
);

it('two people keep one browser, and no code is due for either of them', async () => {
  const people = [await world.subscriber(), await world.subscriber()];
  await visiting(async (page) => {
    for (const person of people) {
      await page.goto(at('/login'));
      await page.getByRole('checkbox').check();
      await typePassword(page, person);
      await page.getByLabel(ar.code).fill(await nthCode(world, person, 2));
      await arrivedAt(page, '/account');
      await button(page, arAccount.logOut).click();
      await heading(page, arAccount.left.title).waitFor();
    }
    for (const person of people) {
      await page.goto(at('/login'));
      await typePassword(page, person);
      await arrivedAt(page, '/account');
      await page.getByText(person.username).waitFor();
      await button(page, arAccount.logOut).click();
      await heading(page, arAccount.left.title).waitFor();
    }
    expect(people.map((person) => codesSent(world, person))).toEqual([2, 2]);
  });
});

it.each(['ar', 'en'] as const)(
  'a person with an app logs in with the keyboard alone by a recovery code, and no SMS is sent (%s)',
  async (language) => {
    const text = words[language];
    const { person, appCode, recoveryCodes } = await withApp(world);
    const sent = codesSent(world, person);
    await visiting(async (page) => {
      await page.goto(at('/login'));
      await typePassword(page, person);
      await heading(page, text.typeAppCode).waitFor();
      await tabTo(page, text.app);
      await page.keyboard.type(world.wrongCode(appCode()));
      await page.keyboard.press('Enter');
      await page.locator('[aria-invalid=true]').waitFor();
      expect(await describedBy(page, 'code')).toMatch(/4/);
      await expect.poll(() => focusedName(page)).toBe('code');

      await tabTo(page, text.useRecovery);
      await page.keyboard.press('Enter');
      await heading(page, text.typeRecovery).waitFor();
      expect(await focused(page)).toBe(text.typeRecovery);
      await tabTo(page, text.recovery);
      await page.keyboard.type(recoveryCodes[0]?.toLowerCase() ?? '');
      await page.keyboard.press('Enter');
      await arrivedAt(page, '/account');
      expect(codesSent(world, person)).toBe(sent);
    }, language);
  },
);

it('a person with an app can ask for one SMS instead, and the method survives a reload', async () => {
  const { person } = await withApp(world);
  const sent = codesSent(world, person);
  await visiting(async (page) => {
    await page.goto(at('/login'));
    await typePassword(page, person);
    await button(page, ar.useSms).click();
    await heading(page, ar.typeCode).waitFor();
    await button(page, 'استخدم تطبيق المصادقة').click();
    await heading(page, ar.typeAppCode).waitFor();
    await button(page, ar.useSms).click();
    await heading(page, ar.typeCode).waitFor();
    await page.reload();
    await heading(page, ar.typeCode).waitFor();
    await page.getByLabel(ar.code).fill(await nthCode(world, person, sent + 1));
    await arrivedAt(page, '/account');
    expect(codesSent(world, person)).toBe(sent + 1);
  });
});

it('a wrong password keeps the typed text, takes the username to the reset, and finally says how long to wait', async () => {
  const person = await world.subscriber();
  await visiting(async (page) => {
    await page.goto(at('/login'));
    await typePassword(page, { ...person, password: 'ليست هي أبدًا' });
    await page.getByText('اسم المستخدم أو كلمة المرور غير صحيحة').waitFor();
    expect(await field(page, 'username').inputValue()).toBe(person.username);
    expect(await field(page, 'password').inputValue()).toBe('ليست هي أبدًا');
    await button(page, 'English').click();
    await page.getByText('The username or the password is not right').waitFor();
    await button(page, 'العربية').click();

    await page.getByRole('alert').getByRole('link', { name: 'نسيت كلمة المرور؟' }).click();
    await field(page, 'nationalId').waitFor();
    expect(page.url()).toBe(at('/reset'));
    expect(await field(page, 'username').inputValue()).toBe(person.username);
    await page.goBack();
    await field(page, 'password').waitFor();
    expect(await field(page, 'username').inputValue()).toBe(person.username);

    // The budget counts by clock hour: keep all tries within one.
    if (new Date(world.clock.now()).getUTCMinutes() > 55) world.clock.advance(600);
    await useUp(person);
    await typePassword(page, person);
    await page.getByText('محاولات كثيرة في وقت قصير').waitFor();
    await page
      .getByRole('alert')
      .getByText(/يمكنك إعادة المحاولة بعد/)
      .waitFor();
    await page.getByRole('alert').getByRole('link', { name: 'نسيت كلمة المرور؟' }).waitFor();
  });
});

/** Uses up the tries at a name, and the SMS with which its phone can be proved. */
async function useUp(person: Person): Promise<void> {
  const wrong = { ...person, password: 'ولا هذه أبدًا' };
  for (let n = 0; n < 3; n++) await world.typePassword(wrong);
  for (let n = 0; n < 3; n++) {
    const { body } = await world.typePassword(wrong);
    await world.post(`/challenges/${body.challenge.id}/send`, {});
  }
}

it('a short wait is counted down as the server said, and its end is announced', async () => {
  await visiting(async (page) => {
    await page.clock.install();
    await page.goto(at('/login'));
    await refusing(page, '/sessions', 90);
    await typePassword(page, { username: 'noura.q', password: 'قمر كبير فوق النخلة' });
    const timer = page.getByRole('timer');
    await timer.waitFor();
    expect(await timer.innerText()).toMatch(/^1:(30|2\d)$/);
    const retry = page.getByRole('alert').getByRole('button', { name: 'أعد المحاولة' });
    expect(await retry.count()).toBe(0);
    await passTime(page, 60);
    await expect.poll(() => timer.innerText()).toMatch(/^0:(30|2\d)$/);
    await passTime(page, 31);
    await page.getByRole('alert').getByText('يمكنك إعادة المحاولة الآن.').first().waitFor();
    const again = page.waitForRequest('**/v1/sessions');
    await retry.click();
    await again;
    expect(await field(page, 'username').inputValue()).toBe('noura.q');
  });
});

it('wrong codes are counted down, and starting again keeps the username', async () => {
  const person = await world.subscriber();
  await visiting(async (page) => {
    await askForCode(page, person);
    const wrong = world.wrongCode(await nthCode(world, person, 2));
    const left = ['4 محاولات', '3 محاولات', 'محاولتان', 'محاولة واحدة'];
    for (const tries of left) {
      await page.getByLabel(ar.code).fill('');
      await page.getByLabel(ar.code).fill(wrong);
      await expect.poll(() => describedBy(page, 'code')).toContain(tries);
    }
    await page.getByLabel(ar.code).fill(wrong);
    await page.getByText('محاولات خاطئة كثيرة').waitFor();
    await button(page, 'ابدأ من جديد').click();
    await field(page, 'password').waitFor();
    expect(await field(page, 'username').inputValue()).toBe(person.username);
    expect(await field(page, 'password').inputValue()).toBe('');
  });
});

it('back, reload and the other language lose nothing, and an expired login says so', async () => {
  const person = await world.subscriber();
  await visiting(async (page) => {
    await askForCode(page, person);
    const code = await nthCode(world, person, 2);
    await page.getByLabel(ar.code).fill('12');
    await button(page, 'English').click();
    expect(await page.getByLabel(words.en.code).inputValue()).toBe('12');
    await button(page, 'العربية').click();
    await page.goBack();
    await field(page, 'password').waitFor();
    await page.reload();
    await field(page, 'password').waitFor();
    expect(await field(page, 'username').inputValue()).toBe(person.username);
    await page.goForward();
    await page.getByLabel(ar.code).waitFor();
    await page.reload();
    await page.getByLabel(ar.code).waitFor();
    world.clock.advance(301);
    await page.getByLabel(ar.code).fill(code);
    await page.getByText('انتهى وقت هذه الخطوة').waitFor();
    await button(page, 'ابدأ من جديد').click();
    expect(await field(page, 'username').inputValue()).toBe(person.username);
    expect(codesSent(world, person)).toBe(2);
  });
});

it('the page explains a late SMS, and resends the same code once that is allowed', async () => {
  const person = await world.subscriber();
  await visiting(async (page) => {
    await page.clock.install();
    await askForCode(page, person);
    const code = await nthCode(world, person, 2);
    expect(await page.getByText('لم تصل الرسالة بعد؟').count()).toBe(0);
    await page.getByText('يمكنك طلب الرسالة مرة أخرى بعد').waitFor();
    await passTime(page, 11);
    await page.getByText('لم تصل الرسالة بعد؟').waitFor();
    world.clock.advance(61);
    await passTime(page, 61);
    await button(page, 'أرسل الرسالة مرة أخرى').click();
    expect(await nthCode(world, person, 3)).toBe(code);
    await page.getByText('يمكنك طلب الرسالة مرة أخرى بعد').waitFor();
    const told = page.locator('main').getByText('طلبنا إرسال الرسالة مرة أخرى، وفيها الرمز نفسه.');
    expect(await told.isVisible()).toBe(true);
    await page.getByLabel(ar.code).fill(code);
    await arrivedAt(page, '/account');
  });
});

it('lost answers cost no second SMS, and no second attempt of the code', async () => {
  const person = await world.subscriber();
  await visiting(async (page) => {
    await page.clock.install();
    await page.goto(at('/login'));
    const lost = page.getByText('لا يوجد اتصال بالإنترنت');
    const answers = await losingAnswers(page, '/sessions');
    await typePassword(page, person);
    await answers.untilShown(lost);
    await answers.found();
    expect(await field(page, 'password').inputValue()).toBe(person.password);
    await button(page, 'أعد المحاولة').click();
    await page.getByLabel(ar.code).waitFor();
    const code = await nthCode(world, person, 2);

    const lastAnswers = await losingAnswers(page, '/sessions/complete');
    await page.getByLabel(ar.code).fill(code);
    await lastAnswers.untilShown(lost);
    await lastAnswers.found();
    await button(page, 'أعد المحاولة').click();
    await arrivedAt(page, '/account');
    expect(codesSent(world, person)).toBe(2);
  });
});

it('the page says that the network does not answer, and keeps the typed text', async () => {
  await visiting(async (page) => {
    await page.clock.install();
    await page.goto(at('/login'));
    await page.waitForLoadState('networkidle');
    await page.route('**/v1/sessions', () => {});
    await typePassword(page, { username: 'noura.q', password: 'قمر كبير فوق النخلة' });
    const slow = page.getByText('لم يصلنا رد');
    while ((await slow.count()) === 0) {
      await passTime(page, 5);
      await page.waitForTimeout(100);
    }
    await slow.waitFor();
    expect(await field(page, 'password').inputValue()).toBe('قمر كبير فوق النخلة');
  });
});

it('a login leads to the page the person wanted, and never to another site', async () => {
  const person = await world.subscriber();
  await visiting(async (page) => {
    for (const [wanted, reached, n] of [
      ['/account/export', '/account/export', 2],
      ['https://example.com/account', '/account', 3],
    ] as const) {
      await page.goto(at('/login'));
      await page.evaluate(`history.replaceState({ then: '${wanted}' }, '', '/login')`);
      await page.reload();
      await typePassword(page, person);
      await page.getByLabel(ar.code).waitFor();
      await page.reload();
      await page.getByLabel(ar.code).fill(await nthCode(world, person, n));
      await arrivedAt(page, reached);
      // The device was not remembered, so the next login asks for a code as well.
      await page.context().clearCookies({ name: '__Host-hawiya-session' });
    }
  });
});

it('the login page reports a session that ended elsewhere, and takes over one that another tab opened', async () => {
  const person = await world.subscriber();
  await visiting(async (page) => {
    await page.goto(at('/login'));
    await page.getByLabel(ar.password, { exact: true }).waitFor();
    const other = await page.context().newPage();
    await other.goto(at('/contact'));
    await other.evaluate(`new BroadcastChannel('hawiya').postMessage('out')`);
    await page.locator('main .notice').getByText('انتهت جلستك').waitFor();
    await other.goto(at('/login'));
    await typePassword(other, person);
    await other.getByLabel(ar.code).fill(await nthCode(world, person, 2));
    await arrivedAt(other, '/account');
    await arrivedAt(page, '/account');
  });
});

it('a refused login says whose tries are used up, and offers a reset only where it helps', async () => {
  const [person, other] = [await world.subscriber(), await world.subscriber()];
  toNextHour(world.clock);
  const wrong = { ...person, password: 'not the right one' };
  for (const one of [person, other]) await useUp(one);
  await visiting(async (page) => {
    const notice = page.locator('main .notice');
    const reset = notice.getByRole('link', { name: arLogin.forgot });
    await page.goto(at('/login'));
    await typePassword(page, person);
    await notice.getByText(arLogin.limit.account).waitFor();
    expect(await reset.count()).toBe(1);

    // The browser's own address.
    const address = '127.0.0.1';
    // The tries of an address count by the minute.
    world.clock.set(Math.ceil(world.clock.now() / 60_000) * 60_000);
    const tries = Array.from({ length: 60 }, (_, n) =>
      world.typePassword({ ...wrong, username: `nobody${n}x` }, { address }),
    );
    await Promise.all(tries);
    await typePassword(page, other);
    await notice.getByText(arLogin.limit.address).waitFor();
    expect(await reset.count()).toBe(0);
  });
  world.clock.advance(3600);
});
