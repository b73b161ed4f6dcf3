import { paths } from '../../../portal/paths.ts';
import { passTime } from './people.ts';
import { codeOf, field, logIn, open, settled, type, type Walk } from './walk.ts';

/** A person who meets an error at every step: each screen says why, and what to do. */
export async function meetEveryError(walk: Walk): Promise<void> {
  await loseNetwork(walk);
  await lockCode(walk);
  await comeTooLate(walk);
  await useTakenName(walk);
  await askTooOften(walk);
  await provePhoneFirst(walk);
  await waitForSms(walk);
  await takeLong(walk);
  await goAway(walk);
}

const notice = ({ page }: Walk) => page.locator('main [role=alert]').first().waitFor();

/** Starts from the home page: the same address alone would show the previous step again. */
async function beginToRegister(walk: Walk): Promise<void> {
  await open(walk, paths.home);
  await open(walk, paths.register);
}

async function askForCode(walk: Walk, number: string): Promise<string> {
  await beginToRegister(walk);
  const phone = number.replace('+966', '0');
  const code = await codeOf(walk.world, number, () => type(walk.page, { phone }));
  await field(walk.page, 'code').waitFor();
  return code;
}

/** First the script of a page is lost, and then the call of a page. */
async function loseNetwork(walk: Walk): Promise<void> {
  const { page, person, see } = walk;
  await open(walk, paths.home);
  await page.route('**/assets/register*', (route) => route.abort());
  await page.locator(`main a[href="${paths.register}"]`).first().click();
  await notice(walk);
  await see('page-missing');
  await page.unroute('**/assets/register*');
  await open(walk, paths.register);
  await page.context().setOffline(true);
  await type(page, { phone: person.phone });
  await notice(walk);
  await see('offline');
  await page.context().setOffline(false);
}

async function lockCode(walk: Walk): Promise<void> {
  const { page, world, see } = walk;
  const wrong = world.wrongCode(await askForCode(walk, world.someone().phone));
  const again = page.locator('main [role=alert] button');
  for (let n = 0; n < 10 && (await again.count()) === 0; n++) {
    const answered = page.waitForResponse('**/verify');
    await type(page, { code: wrong });
    await answered;
    await settled(page);
    await page.locator('main [aria-invalid=true]').or(again).first().waitFor();
  }
  await again.waitFor();
  await see('code-locked');
}

/**
 * An expired code gets the same answer as an unknown challenge, so the test calls an unknown one.
 */
async function comeTooLate(walk: Walk): Promise<void> {
  const { page, world, see } = walk;
  const code = await askForCode(walk, world.someone().phone);
  await page.route('**/verify', (route) => {
    const unknownUrl = route
      .request()
      .url()
      .replace(/[\w-]+(?=\/verify)/, 'A'.repeat(22));
    return route.continue({ url: unknownUrl });
  });
  await type(page, { code });
  await notice(walk);
  await see('code-expired');
  await page.unroute('**/verify');
}

async function useTakenName(walk: Walk): Promise<void> {
  const { page, world, see } = walk;
  const { nationalId, username } = await world.subscriber();
  const { phone, password } = world.someone();
  await type(page, { code: await askForCode(walk, phone) });
  await field(page, 'terms').waitFor();
  await page.locator('label.choice').click();
  await type(page, { nationalId, username: `${username}x`, password });
  await notice(walk);
  await see('register-taken');
}

async function askTooOften(walk: Walk): Promise<void> {
  const { page, world, see } = walk;
  const { phone } = world.someone();
  while ((await world.post('/registrations', { phone })).status === 202);
  await beginToRegister(walk);
  await type(page, { phone });
  await notice(walk);
  await see('too-many-requests');
}

/** Strangers have used up the tries at the name, and the person mistypes the password too. */
async function provePhoneFirst(walk: Walk): Promise<void> {
  const { page, world, see } = walk;
  const person = await world.subscriber();
  const wrong = { username: person.username, password: 'not the right one' };
  while ((await world.typePassword(wrong)).status === 401);
  await open(walk, paths.login);
  await type(page, wrong);
  const send = page.locator('main .button').first();
  await send.waitFor();
  await field(page, 'password').waitFor({ state: 'detached' });
  await see('login-phone-first');
  const code = await codeOf(world, person.phone, () => send.click());
  await see('login-phone-first-code');
  await type(page, { code });
  await notice(walk);
  await see('login-phone-proved');
}

/** From here on the page has a clock of its own. */
async function waitForSms(walk: Walk): Promise<void> {
  const { page, world, see } = walk;
  await page.clock.install();
  await askForCode(walk, world.someone().phone);
  await passTime(page, 61);
  await page.locator('main .notice').waitFor();
  await see('sms-late');
}

/** A form whose time is nearly over, and then over. The clock of the page alone goes on. */
async function takeLong(walk: Walk): Promise<void> {
  const { page, world, see } = walk;
  const code = await askForCode(walk, world.someone().phone);
  await type(page, { code });
  await field(page, 'terms').waitFor();
  await passTime(page, 8 * 60 + 30);
  await page.locator('main .notice').waitFor();
  await see('register-more-time');
  // The terms, read in the other language, have told the page the server's time.
  await passTime(page, 11 * 60);
  await page.locator('main .notice .button--first').waitFor();
  await see('register-time-over');
}

/** A shared computer that its person leaves. */
async function goAway(walk: Walk): Promise<void> {
  const { page, world, see } = walk;
  await logIn({ page, world, person: world.someone() });
  await passTime(page, 18 * 60 + 2);
  await page.getByRole('alertdialog').waitFor();
  await see('still-here');
}
