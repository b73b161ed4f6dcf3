import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { encode } from 'uqr';
import { describe, expect, it } from 'vitest';
import { totpCode, totpStep } from '#core/crypto/totp.ts';
import { type Path, paths } from '../../portal/paths.ts';
import ar from '../../portal/src/i18n/ar/account.ts';
import arCommon from '../../portal/src/i18n/ar/common.ts';
import arLogin from '../../portal/src/i18n/ar/login.ts';
import { dayIn } from '../../portal/src/i18n/calendars.ts';
import en from '../../portal/src/i18n/en/account.ts';
import enCommon from '../../portal/src/i18n/en/common.ts';
import enLogin from '../../portal/src/i18n/en/login.ts';
import { phone as newPhone } from '../support/fakes/builders.ts';
import { type Browser, openPortalPlace } from '../support/portal/open-portal.ts';
import { addApp, codesSent, losingAnswers, nthCode } from '../support/portal/people.ts';
import { focused, tabTo, type Watched, watch } from '../support/portal/watched-page.ts';
import { openTable } from '../support/world/table-scan.ts';
import { outcome, type Person, type World } from '../support/world/world.ts';

let world: World;
let browser: Browser;
openPortalPlace((place) => {
  ({ world, browser } = place);
});

const texts = {
  ar: { ...arCommon, ...ar, login: arLogin },
  en: { ...enCommon, ...en, login: enLogin },
};
type Language = keyof typeof texts;
const languages = ['ar', 'en'] as const;
const newPassword = 'نخلة خضراء فوق البحر';
const domestic = (number: string) => number.replace('+966', '0');

interface Visit {
  readonly page: Page;
  readonly person: Person;
  readonly watched: Watched;
}

/** Logs in from the page itself: the API gives cookies only to its own pages. */
const logInWithin = (page: Page, { username, password }: Person, ownDevice = false) =>
  page.evaluate(
    async (body) => {
      const headers = { 'content-type': 'application/json', 'x-hawiya-client': 'browser' };
      const answer = await fetch('/v1/sessions', { method: 'POST', headers, body });
      if (answer.status !== 201) throw new Error(await answer.text());
    },
    JSON.stringify({ username, password, ownDevice, tokens: 'cookie' }),
  );

/** Opens a page of the account, in a browser that is logged in. */
async function visit(
  path: Path,
  {
    language = 'ar',
    person,
    ownDevice = false,
  }: { language?: Language; person?: Person; ownDevice?: boolean } = {},
): Promise<Visit> {
  const someone = person ?? (await world.subscriber());
  const page = await browser.open({ width: 390 });
  const watched = await watch(page, world.serving.url);
  await page.goto(`${world.serving.url}${paths.contact}`);
  if (language === 'en') await page.getByRole('button', { name: 'English' }).click();
  await logInWithin(page, someone, ownDevice);
  // As on a slow phone: no page may rely on the account's data arriving together with it.
  await page.route('**/v1/account', async (route) => {
    await sleep(300);
    await route.continue();
  });
  await page.goto(world.serving.url + path);
  return { page, person: someone, watched };
}

const heading = (page: Page, name: string) =>
  page.getByRole('heading', { level: 1, name, exact: true }).waitFor();

/** The login page, which has taken the place of another one and says why. */
async function loginSays(page: Page, text: string): Promise<void> {
  await page.waitForURL(world.serving.url + paths.login);
  await page.locator('main').getByText(text, { exact: true }).waitFor();
}

async function press(page: Page, name: string | RegExp): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}

async function typeInto(page: Page, label: string, text: string): Promise<void> {
  await tabTo(page, label);
  await page.keyboard.type(text);
}

/** Checks that there were no faults, nothing is stored, and no address holds personal data. Closes the page. */
async function leftClean({ page, person, watched }: Visit): Promise<void> {
  expect(watched.faults).toEqual([]);
  const kept = await page.evaluate(
    '[...Object.keys(localStorage), ...Object.keys(sessionStorage)]',
  );
  expect(['', 'hawiya.language']).toContain((kept as string[]).join());
  const addresses = [...watched.addresses].join('\n');
  for (const own of [person.username, person.nationalId, person.phone.slice(4)])
    expect(addresses).not.toContain(own);
  await page.context().close();
}

const main = (page: Page) => page.locator('main').innerText();

describe('a page behind the login', () => {
  it('asks for the login first, and opens after it', async () => {
    const person = await world.subscriber();
    const page = await browser.open({ width: 390 });
    await page.goto(world.serving.url + paths.sessions);
    await page.waitForURL(world.serving.url + paths.login);
    await page.locator('[name=username]').fill(person.username);
    await page.locator('[name=password]').fill(person.password);
    await page.keyboard.press('Enter');
    await heading(page, ar.sessions.title);
    expect(page.url()).toBe(world.serving.url + paths.sessions);
    await page.context().close();
  });

  it('stays logged in when the network fails, and continues on another try', async () => {
    const seen = await visit(paths.contact);
    const { page } = seen;
    await page.route('**/v1/sessions/refresh', (route) => route.abort());
    await page.goto(world.serving.url + paths.account);
    await page.getByText(arCommon.offline.title).waitFor();
    await page.unroute('**/v1/sessions/refresh');
    await page.getByRole('button', { name: arCommon.tryAgain }).click();
    await page.getByText(seen.person.username).waitFor();
    await page.context().close();
  });
});

describe.each(languages)('with the keyboard alone (%s)', (language) => {
  const text = texts[language];

  it('the account page shows the owner’s data masked, and leads to its pages and to the log-out', async () => {
    const seen = await visit(paths.account, { language });
    const { page, person } = seen;
    await page.getByText(person.username).waitFor();
    const shown = await main(page);
    expect(shown).toContain(`•••• ${person.phone.slice(-3)}`);
    expect(shown).toContain(`1•••••• ${person.nationalId.slice(-2)}`);
    expect(shown).not.toContain(person.phone.slice(-6));
    await press(page, text.ways.export);
    await heading(page, text.export.title);
    expect(await focused(page)).toBe(text.export.title);
    await press(page, text.back);
    await heading(page, text.myAccount);
    await press(page, text.logOut);
    await heading(page, text.left.title);
    expect(await main(page)).not.toContain(person.username);
    await leftClean(seen);
  });

  it('the sessions page ends one session, then all others, and an ended page gives way to the login, which says why', async () => {
    const seen = await visit(paths.sessions, { language });
    const other = await visit(paths.password, { language, person: seen.person });
    await world.logIn(seen.person);
    const { page } = seen;
    await page.reload();
    await page.getByText(text.sessions.this).waitFor();
    expect(await page.locator('.sessions > li').count()).toBe(3);
    // The accessible name of a row's button includes the session, for people who cannot see the row.
    await press(page, new RegExp(`^${text.sessions.end}\\s+\\w`));
    await page.getByText(text.sessions.ended).waitFor();
    expect(await page.locator('.sessions > li').count()).toBe(2);
    await press(page, text.sessions.endOthers);
    await page.getByText(text.sessions.alone).waitFor();

    await heading(other.page, text.password.title);
    await typeInto(other.page, text.currentPassword, seen.person.password);
    await typeInto(other.page, text.password.next, newPassword);
    await typeInto(other.page, text.password.again, newPassword);
    await other.page.keyboard.press('Enter');
    await loginSays(other.page, text.login.ended.owner);
    expect(await main(other.page)).not.toContain(seen.person.username);
    await leftClean(other);
    await leftClean(seen);
  });

  it('the password is changed with the current one, and other sessions are logged out', async () => {
    const seen = await visit(paths.password, { language });
    const { page, person } = seen;
    const other = await visit(paths.account, { language, person });
    await heading(page, text.password.title);
    await typeInto(page, text.currentPassword, 'not this one');
    await typeInto(page, text.password.next, newPassword);
    await typeInto(page, text.password.again, `${newPassword} x`);
    await page.keyboard.press('Enter');
    await page.getByText(text.rule.same).waitFor();
    await expect.poll(() => focused(page)).toContain(text.password.again);
    await page.keyboard.press('Control+A');
    await page.keyboard.type(newPassword);
    await page.keyboard.press('Enter');
    await page.getByText(text.wrongPassword).waitFor();
    await expect.poll(() => focused(page)).toContain(text.currentPassword);
    await page.keyboard.press('Control+A');
    await page.keyboard.type(person.password);
    await page.keyboard.press('Enter');
    await heading(page, text.password.done);
    expect(outcome(await world.logIn(person))).toBe('credentials_incorrect');
    expect((await world.logIn({ ...person, password: newPassword })).status).toBe(201);
    await other.page.goto(world.serving.url + paths.account);
    await other.page.waitForURL(world.serving.url + paths.login);
    await leftClean(seen);
    await other.page.context().close();
  });

  it('the phone is changed with password, number and code, and the page names the 24 hours', async () => {
    const seen = await visit(paths.phone, { language });
    const { page, person } = seen;
    const number = newPhone();
    await page.getByText(text.phone.hold).waitFor();
    await typeInto(page, text.phone.label, domestic(number));
    await typeInto(page, text.currentPassword, person.password);
    await page.keyboard.press('Enter');
    await heading(page, text.code.title);
    await typeInto(page, text.code.label, await nthCode(world, { phone: number }, 1));
    await page.keyboard.press('Enter');
    await heading(page, text.phone.done);
    expect(await main(page)).toContain(number.slice(-3));
    await press(page, text.back);
    await page.getByText(`•••• ${number.slice(-3)}`).waitFor();
    await leftClean(seen);
  });

  it('an authenticator app is added, its recovery codes are saved and renewed, and the app is removed', async () => {
    const seen = await visit(paths.authenticator, { language });
    const { page, person } = seen;
    await heading(page, text.totp.title);
    await press(page, text.totp.add);
    await typeInto(page, text.currentPassword, person.password);
    await page.keyboard.press('Enter');
    await heading(page, text.totp.appTitle);
    const drawn = page.getByRole('img', { name: text.totp.qr }).locator('path');
    const uri = await page.getByRole('link', { name: text.totp.open }).getAttribute('href');
    const modules = encode(uri ?? '', { ecc: 'M', border: 4 }).data.flat();
    expect((await drawn.getAttribute('d'))?.match(/M/g)).toHaveLength(
      modules.filter(Boolean).length,
    );
    const secret = (await page.locator('.secret__text').innerText()).replace(/\s/g, '');
    const right = totpCode(secret, totpStep(Math.floor(world.clock.now() / 1000)));
    await typeInto(page, text.factor.totp, world.wrongCode(right));
    await page.keyboard.press('Enter');
    await page.locator('[aria-invalid=true]').waitFor();
    await expect.poll(() => focused(page)).toContain(text.factor.totp);
    await page.keyboard.press('Control+A');
    await page.keyboard.type(right);
    await page.keyboard.press('Enter');
    await heading(page, text.codes.title);
    const codes = await page.locator('.codes > li').allInnerTexts();
    expect(codes).toHaveLength(10);
    expect(uri).toContain(secret);
    const [file] = await Promise.all([page.waitForEvent('download'), press(page, text.codes.save)]);
    const saved = readFileSync(await file.path(), 'utf8');
    expect(saved).toContain(codes.join('\n'));
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await press(page, text.codes.copy);
    await page.getByText(text.copied).first().waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(saved);
    await page.emulateMedia({ media: 'print' });
    const printed = await page.locator('main').innerText();
    await page.emulateMedia({ media: 'screen' });
    const today = dayIn(language, new Date(world.clock.now()).toISOString());
    const common = language === 'ar' ? arCommon : enCommon;
    for (const of of [saved, printed])
      for (const fact of [common.name, common.portal, person.username, today, ...codes])
        expect(of).toContain(fact);
    // A Hijri year beside the Gregorian one.
    expect(today).toMatch(/20\d\d.*14\d\d/);
    expect(printed).not.toContain(text.codes.copy);
    expect(await page.evaluate('JSON.stringify(history.state)')).not.toContain(codes[0]);
    await page.reload();
    await page.getByText(text.codes.gone).waitFor();
    await press(page, text.codes.toFactors);
    await page.getByText(text.factors.app).waitFor();

    await press(page, text.totp.renew);
    await typeInto(page, text.currentPassword, person.password);
    await page.keyboard.press('Enter');
    await heading(page, text.codes.title);
    expect(await page.locator('.codes > li').allInnerTexts()).not.toContain(codes[0]);
    await press(page, text.codes.kept);
    await press(page, text.totp.remove);
    await typeInto(page, text.currentPassword, person.password);
    await page.keyboard.press('Enter');
    await page.getByText(text.totp.removed).waitFor();
    await press(page, text.totp.add);
    await leftClean(seen);
  });

  it('the data is downloaded as a file', async () => {
    const seen = await visit(paths.export, { language });
    const { page, person } = seen;
    await heading(page, text.export.title);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      press(page, text.export.save),
    ]);
    expect(file.suggestedFilename()).toMatch(/^hawiya-\d{4}-\d\d-\d\d\.json$/);
    const data = JSON.parse(readFileSync(await file.path(), 'utf8'));
    expect(data.account).toMatchObject({ username: person.username, phone: person.phone });
    await page.getByText(text.export.saved).waitFor();
    await leftClean(seen);
  });

  it('a sixth copy is refused with the time to wait, and no file is reported as saved', async () => {
    const seen = await visit(paths.export, { language });
    const { page, person } = seen;
    await heading(page, text.export.title);
    await press(page, text.export.save);
    await page.getByText(text.export.saved).waitFor();
    const token = (await world.logIn(person)).body.tokens.accessToken;
    for (let n = 0; n < 4; n++) await world.get('/account/export', { token });
    await press(page, text.export.save);
    await page.getByText(text.problem.too_many_requests.title).waitFor();
    // Minutes in words, or a countdown when the hour is nearly over.
    expect(await main(page)).toContain(`${text.wait.in} `);
    expect(await main(page)).not.toContain(text.export.saved);
    await leftClean(seen);
  });

  it('the account is closed with password, code and a final button', async () => {
    const seen = await visit(paths.close, { language });
    const { page, person } = seen;
    await heading(page, text.close.title);
    const before = codesSent(world, person);
    await typeInto(page, text.currentPassword, person.password);
    await page.keyboard.press('Enter');
    await heading(page, text.code.title);
    await typeInto(page, text.code.label, await nthCode(world, person, before + 1));
    await page.keyboard.press('Enter');
    await heading(page, text.close.lastTitle);
    expect((await world.logIn(person)).status).toBe(201);
    await press(page, text.close.close);
    await heading(page, text.close.done);
    expect(outcome(await world.logIn(person))).toBe('credentials_incorrect');
    // What recognises the browser stays, and opens nothing.
    await expect
      .poll(async () => (await page.context().cookies()).map(({ name }) => name))
      .toEqual(['__Host-hawiya-known']);
    await page.goto(world.serving.url + paths.account);
    await page.waitForURL(world.serving.url + paths.login);
    await leftClean(seen);
  });
});

describe('two tabs', () => {
  it('logging out in one clears the other at once, and logging in brings it back', async () => {
    const { page, person } = await visit(paths.account);
    const other = await page.context().newPage();
    await other.goto(world.serving.url + paths.account);
    await other.getByText(person.username).waitFor();
    await page.getByRole('button', { name: ar.logOut }).click();
    await heading(page, ar.left.title);
    await loginSays(other, arLogin.ended['log-out']);
    expect(await main(other)).not.toContain(person.username);

    await page.getByRole('link', { name: ar.left.logIn }).click();
    await page.locator('[name=username]').fill(person.username);
    await page.locator('[name=password]').fill(person.password);
    await page.keyboard.press('Enter');
    await other.getByText(person.username).waitFor();
    await page.context().close();
  });

  it('a tab says that its session ended elsewhere when the person comes back to it', async () => {
    const { page, person } = await visit(paths.account);
    await page.getByText(person.username).waitFor();
    const answer = await world.logIn(person);
    await world.del('/account/sessions', { token: answer.body.tokens.accessToken });
    await page.evaluate(`(() => {
      const late = performance.now() + 60_000;
      performance.now = () => late;
      document.dispatchEvent(new Event('visibilitychange'));
    })()`);
    await loginSays(page, arLogin.ended.owner);
    expect(await main(page)).not.toContain(person.username);
    await page.context().close();
  });
});

describe('the login page', () => {
  it('says that the person was away for too long, and says nothing where nothing is known', async () => {
    const { page } = await visit(paths.sessions);
    await heading(page, ar.sessions.title);
    world.clock.advance(20 * 60);
    await page.reload();
    await loginSays(page, arLogin.idleFor.replace('{{time}}', '20 دقيقة'));
    expect(await main(page)).toContain(arCommon.problem.unauthenticated.title);

    // The refusal has cleared the cookie: the next visit is any visit.
    await page.goto(world.serving.url + paths.sessions);
    await page.waitForURL(world.serving.url + paths.login);
    await heading(page, arLogin.title);
    expect(await main(page)).not.toContain(arCommon.problem.unauthenticated.title);
    await page.context().close();
  });

  it('says that the password was changed, to a tab that was open meanwhile', async () => {
    const { page, person } = await visit(paths.account);
    await page.getByText(person.username).waitFor();
    const ticket = await world.resetTicket(person);
    world.clock.advance(2);
    const body = { ticket, newPassword, confirmPassword: newPassword };
    expect((await world.post('/password-resets/complete', body)).status).toBe(204);
    await page.reload();
    await loginSays(page, arLogin.ended['password-changed']);
    await page.context().close();
  });
});

describe('a refusal', () => {
  it('is shown beside its field: an unchanged phone, a wrong code, a common password', async () => {
    const { page, person } = await visit(paths.phone);
    const field = page.getByLabel(ar.phone.label);
    const wrong = page.locator('[aria-invalid=true]');
    await field.fill(domestic(person.phone));
    await page.getByLabel(ar.currentPassword, { exact: true }).fill(person.password);
    await page.keyboard.press('Enter');
    await wrong.waitFor();
    await expect.poll(() => focused(page)).toContain(ar.phone.label);
    const number = newPhone();
    await field.fill(domestic(number));
    await page.keyboard.press('Enter');
    const code = page.getByLabel(arCommon.code.label);
    await code.fill(world.wrongCode(await nthCode(world, { phone: number }, 1)));
    await page.keyboard.press('Enter');
    await page.getByText(arCommon.code.attempts_few.replace('{{count}}', '4')).waitFor();
    expect(
      (await world.get('/account', { token: await tokenOf(person) })).body.account,
    ).toMatchObject({ phone: `•••• ${person.phone.slice(-3)}` });

    await page.goto(world.serving.url + paths.password);
    await page.getByLabel(ar.currentPassword, { exact: true }).fill(person.password);
    await page.getByLabel(ar.password.next, { exact: true }).fill('passwordpassword');
    await page.getByLabel(ar.password.again, { exact: true }).fill('passwordpassword');
    await page.keyboard.press('Enter');
    await wrong.waitFor();
    await expect.poll(() => focused(page)).toBe(ar.password.next);
    expect((await world.logIn(person)).status).toBe(201);
    await page.context().close();
  });

  it('an expired code is reported, and the number is kept for another start', async () => {
    const { page, person } = await visit(paths.phone);
    const number = newPhone();
    await page.getByLabel(ar.phone.label).fill(domestic(number));
    await page.getByLabel(ar.currentPassword, { exact: true }).fill(person.password);
    await page.keyboard.press('Enter');
    const code = page.getByLabel(arCommon.code.label);
    await code.fill('12');
    await page.getByRole('button', { name: 'English' }).click();
    expect(await page.getByLabel(enCommon.code.label).inputValue()).toBe('12');
    const right = await nthCode(world, { phone: number }, 1);
    world.clock.advance(301);
    await page.getByLabel(enCommon.code.label).fill(right);
    await page.getByText(enCommon.problem.challenge_expired.title).waitFor();
    await page.getByRole('button', { name: enCommon.startAgain }).click();
    expect(await page.getByLabel(en.phone.label).inputValue()).toBe(domestic(number));
    await page.context().close();
  });

  it('an account with a new phone cannot be closed for a day, and the page says why', async () => {
    const { page, person } = await visit(paths.phone);
    const number = newPhone();
    await page.getByLabel(ar.phone.label).fill(domestic(number));
    await page.getByLabel(ar.currentPassword, { exact: true }).fill(person.password);
    await page.keyboard.press('Enter');
    await page.getByLabel(arCommon.code.label).fill(await nthCode(world, { phone: number }, 1));
    await heading(page, ar.phone.done);
    await page.goto(world.serving.url + paths.close);
    await page.getByLabel(ar.currentPassword, { exact: true }).fill(person.password);
    await page.keyboard.press('Enter');
    await page.getByText(ar.close.notNow).waitFor();
    await page.getByText(ar.close.held).waitFor();
    await page.getByText(arCommon.hours_many.replace('{{count}}', '24')).waitFor();
    await page.context().close();
  });

  it('a change of phone that an app confirms has no hold, and without the app it has one', async () => {
    const { page, person } = await visit(paths.contact, { ownDevice: true });
    const { appCode, next, recoveryCodes } = await addApp(world, person);
    world.clock.advance(86_400);
    const changeTo = async (number: string) => {
      // Another page in between: a reload would show the last step again.
      await page.goto(world.serving.url + paths.contact);
      await page.goto(world.serving.url + paths.phone);
      await page.getByLabel(ar.phone.label).fill(domestic(number));
      await page.getByLabel(ar.currentPassword, { exact: true }).fill(person.password);
      await page.keyboard.press('Enter');
      await page.getByLabel(arCommon.code.label).fill(await nthCode(world, { phone: number }, 1));
      await heading(page, ar.phone.confirmTitle);
    };
    const first = newPhone();
    await changeTo(first);
    await page.getByLabel(arCommon.factor.totp).fill(world.wrongCode(appCode()));
    await page.keyboard.press('Enter');
    await page.locator('[aria-invalid=true]').waitFor();
    next();
    await page.getByLabel(arCommon.factor.totp).fill(appCode());
    await page.keyboard.press('Enter');
    await heading(page, ar.phone.done);
    await page.getByText(ar.phone.doneConfirmed).waitFor();
    // A reset goes to the new phone at once.
    await world.resetTicket({ ...person, phone: first }, 2);

    const second = newPhone();
    await changeTo(second);
    await page.getByRole('button', { name: arCommon.factor.useRecovery }).click();
    await page.getByLabel(arCommon.factor.recovery).fill(recoveryCodes[0] ?? '');
    await page.keyboard.press('Enter');
    await page.getByText(ar.phone.doneConfirmed).waitFor();

    await changeTo(newPhone());
    await page.getByRole('button', { name: ar.phone.withoutApp }).click();
    await page.getByText(ar.phone.doneHold).waitFor();
    await page.context().close();
  });

  it("an app's secret stays out of the history, and a reload starts again", async () => {
    const { page, person } = await visit(paths.authenticator);
    await page.getByRole('button', { name: ar.totp.add }).click();
    await page.getByLabel(ar.currentPassword, { exact: true }).fill(person.password);
    await page.keyboard.press('Enter');
    const secret = (await page.locator('.secret__text').innerText()).replace(/\s/g, '');
    expect(await page.evaluate('JSON.stringify(history.state)')).not.toContain(secret);
    await page.reload();
    await page.getByText(ar.totp.gone).waitFor();
    await page.getByRole('button', { name: arCommon.startAgain }).click();
    await heading(page, ar.totp.ask.add.title);
    await page.context().close();
  });

  it('without its QR code an app is added by its key: the page asks for no scan, and no SMS fills the code', async () => {
    const { page, person } = await visit(paths.authenticator);
    await page.route('**/assets/qr-*', (route) => route.abort());
    await page.getByRole('button', { name: ar.totp.add }).click();
    const password = page.getByLabel(ar.currentPassword, { exact: true });
    await password.fill(person.password);
    // Its accessible name contains the visible word, for speech input.
    await page.getByRole('button', { name: `${arCommon.show} ${ar.currentPassword}` }).click();
    expect(await password.getAttribute('type')).toBe('text');
    await page.getByRole('button', { name: `${arCommon.hide} ${ar.currentPassword}` }).click();
    await page.keyboard.press('Tab');
    await password.press('Enter');
    await page.getByText(ar.totp.appLeadTyped).waitFor();
    expect(await page.getByText(ar.totp.appLead).count()).toBe(0);
    const code = page.getByLabel(arCommon.factor.totp);
    expect(await code.getAttribute('autocomplete')).toBe('off');
    await page.context().close();
  });
});

const tokenOf = async (person: Person): Promise<string> =>
  (await world.logIn(person)).body.tokens.accessToken;

describe('a lost answer', () => {
  it('a log-out without an answer says that it may be incomplete, and shows no data of the person', async () => {
    const { page, person } = await visit(paths.account);
    await page.getByText(person.username).waitFor();
    await page.route('**/v1/sessions/revoke', (route) => route.abort());
    await page.getByRole('button', { name: ar.logOut }).click();
    await heading(page, ar.left.unsure);
    expect(await main(page)).not.toContain(person.username);
    await page.unroute('**/v1/sessions/revoke');
    await page.getByRole('button', { name: ar.left.again }).click();
    await heading(page, ar.left.title);
    const left = (await page.context().cookies()).map(({ name }) => name);
    expect(left).toEqual(['__Host-hawiya-known']);
    await page.context().close();
  });

  it('a retried password change is not reported as a wrong password', async () => {
    const { page, person } = await visit(paths.password);
    await page.getByLabel(ar.currentPassword, { exact: true }).fill(person.password);
    await page.getByLabel(ar.password.next, { exact: true }).fill(newPassword);
    await page.getByLabel(ar.password.again, { exact: true }).fill(newPassword);
    const { found } = await losingAnswers(page, '/account/password');
    await page.keyboard.press('Enter');
    await page.getByText(arCommon.offline.title).waitFor();
    await found();
    await page.getByRole('button', { name: arCommon.tryAgain }).click();
    await page.getByText(ar.password.maybe).waitFor();
    expect((await world.logIn({ ...person, password: newPassword })).status).toBe(201);
    await page.context().close();
  });

  it('a retried phone change is reported as done', async () => {
    const { page, person } = await visit(paths.phone);
    const number = newPhone();
    const { found } = await losingAnswers(page, '/account/phone/complete');
    await page.getByLabel(ar.phone.label).fill(domestic(number));
    await page.getByLabel(ar.currentPassword, { exact: true }).fill(person.password);
    await page.keyboard.press('Enter');
    await page.getByLabel(arCommon.code.label).fill(await nthCode(world, { phone: number }, 1));
    await page.getByText(arCommon.offline.title).waitFor();
    await found();
    await page.getByRole('button', { name: arCommon.tryAgain }).click();
    await heading(page, ar.phone.done);
    await page.context().close();
  });

  it('a retried closing is reported as done', async () => {
    const { page, person } = await visit(paths.close);
    await heading(page, ar.close.title);
    const before = codesSent(world, person);
    await page.getByLabel(ar.currentPassword, { exact: true }).fill(person.password);
    await page.keyboard.press('Enter');
    await page.getByLabel(arCommon.code.label).fill(await nthCode(world, person, before + 1));
    const close = { name: ar.close.close };
    const { found } = await losingAnswers(page, '/account/close/complete');
    await page.getByRole('button', close).click();
    await page.getByText(ar.close.halfway).waitFor();
    await found();
    await page.getByRole('button', close).click();
    await heading(page, ar.close.done);
    await page.context().close();
  });

  it('a retried confirmation of an app leads to new recovery codes', async () => {
    const { page, person } = await visit(paths.authenticator);
    await page.getByRole('button', { name: ar.totp.add }).click();
    await page.getByLabel(ar.currentPassword, { exact: true }).fill(person.password);
    await page.keyboard.press('Enter');
    await heading(page, ar.totp.appTitle);
    const secret = (await page.locator('.secret__text').innerText()).replace(/\s/g, '');
    const { found } = await losingAnswers(page, '/account/authenticators/totp/confirm');
    const code = totpCode(secret, totpStep(Math.floor(world.clock.now() / 1000)));
    await page.getByLabel(arCommon.factor.totp).fill(code);
    await page.keyboard.press('Enter');
    await page.getByText(arCommon.offline.title).waitFor();
    await found();
    await page.getByRole('button', { name: arCommon.tryAgain }).click();
    await page.getByText(ar.totp.lost).waitFor();
    await page.getByLabel(ar.currentPassword, { exact: true }).fill(person.password);
    await page.keyboard.press('Enter');
    await heading(page, ar.codes.title);
    await page.context().close();
  });
});

it('the account page asks for new terms, and accepts them only with a ticked box', async () => {
  const { page, person } = await visit(paths.account);
  await page.getByText(person.username).waitFor();
  expect(await page.getByText(ar.terms.title).count()).toBe(0);
  await openTable(world).setText('account', 'termsVersion', '2025-01');
  await page.reload();
  await page.getByText(ar.terms.title).waitFor();
  await page.getByRole('button', { name: ar.terms.accept }).click();
  await page.getByText(ar.terms.must).waitFor();
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: ar.terms.accept }).click();
  await page.getByText(ar.terms.accepted).waitFor();
  expect(await page.getByText(ar.terms.title).count()).toBe(0);
  await page.context().close();
});
