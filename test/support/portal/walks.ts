import { totpCode, totpStep } from '#core/crypto/totp.ts';
import { type PageName, paths } from '../../../portal/paths.ts';
import { phone as newPhone } from '../fakes/builders.ts';
import { meetEveryError } from './unlucky-person.ts';
import {
  codeOf,
  field,
  logIn,
  open,
  press,
  seeMistakes,
  settled,
  type,
  type Walk,
} from './walk.ts';

const names = Object.keys(paths) as PageName[];
const isOfAccount = (name: PageName) => paths[name].startsWith(paths.account);

/**
 * Every page and step of the portal, by the kind of person who sees them. A new page is included by
 * its path.
 */
export const walks: Readonly<Record<string, (walk: Walk) => Promise<void>>> = {
  async 'who looks around'(walk) {
    for (const name of names) if (!isOfAccount(name)) await seePage(walk, name);
    await open(walk, '/nowhere');
    await walk.see('not-found');
    await openAccount(walk);
  },
  async 'who logs in'(walk) {
    const { page, see } = walk;
    await logIn(walk);
    for (const name of names) if (isOfAccount(name)) await seePage(walk, name);
    const secret = await addApp(walk);
    await movePhone(walk, secret);
    await open(walk, paths.account);
    // The message that another tab sends.
    await page.evaluate(`new BroadcastChannel('hawiya').postMessage('out')`);
    await field(page, 'username').waitFor();
    await page.locator('main .notice').waitFor();
    await see('login-after-the-end');
  },
  async 'who forgot username and password, and leaves'(walk) {
    await askForUsername(walk);
    await resetPassword(walk);
    const { person, ...rest } = walk;
    await leave({ ...rest, person: walk.world.someone() });
  },
  'for whom nothing works': meetEveryError,
};

/** The end of a flow asks whether it worked. */
const asked = ({ page }: Walk) => page.locator('.feedback').waitFor();

/** A page as it loads, and the mistakes of its empty form. */
async function seePage(walk: Walk, name: PageName): Promise<void> {
  await open(walk, paths[name]);
  await walk.see(name);
  await seeMistakes(walk, name);
}

async function openAccount(walk: Walk): Promise<void> {
  const { page, world, person, see } = walk;
  await open(walk, paths.register);
  const phone = person.phone.replace('+966', '0');
  const code = await codeOf(world, person.phone, () => type(page, { phone }));
  await field(page, 'code').waitFor();
  await see('register-code');
  await type(page, { code: world.wrongCode(code) });
  await page.locator('[aria-invalid=true]').waitFor();
  await see('register-code-wrong');
  await type(page, { code });
  const { nationalId, username, password } = person;
  await field(page, 'terms').waitFor();
  await see('register-details');
  await seeMistakes(walk, 'register-details');
  await page.locator('label.choice').click();
  await type(page, { nationalId, username, password });
  await field(page, 'nationalId').waitFor({ state: 'detached' });
  await asked(walk);
  await see('register-done');
}

/** @returns the app's secret */
async function addApp(walk: Walk): Promise<string> {
  const { page, person, see } = walk;
  await open(walk, paths.authenticator);
  await press(page);
  await field(page, 'currentPassword').waitFor();
  await see('authenticator-password');
  await type(page, { currentPassword: person.password });
  await page.locator('.qr svg, .qr img').waitFor();
  await see('authenticator-app');
  const secret = (await page.locator('.secret__text').innerText()).replaceAll(' ', '');
  await type(page, { code: appCode(walk, secret) });
  await page.locator('.codes').waitFor();
  await see('authenticator-codes');
  // The codes are shown once: after a reload they are gone.
  await page.reload();
  await page.locator('main .notice--warn').waitFor();
  await see('authenticator-codes-gone');
  await press(page);
  await page.locator('main .choices').waitFor();
  await see('authenticator-added');
  return secret;
}

/** @param later time steps of 30 seconds: each code works once */
const appCode = ({ world }: Walk, secret: string, later = 0): string =>
  totpCode(secret, totpStep(Math.floor(world.clock.now() / 1000)) + later);

async function movePhone(walk: Walk, secret: string): Promise<void> {
  const { page, world, person, see } = walk;
  const phone = newPhone();
  await open(walk, paths.phone);
  const code = await codeOf(world, phone, () =>
    type(page, { phone, currentPassword: person.password }),
  );
  await field(page, 'code').waitFor();
  await see('phone-code');
  await type(page, { code });
  await field(page, 'secondFactor.code').waitFor();
  await see('phone-confirm');
  await seeMistakes(walk, 'phone-confirm');
  await type(page, { 'secondFactor.code': appCode(walk, secret, 1) });
  await page.locator('main a.button').waitFor();
  await asked(walk);
  await see('phone-done');
}

/** Nobody has this pair: the page is the same for everybody. */
async function askForUsername(walk: Walk): Promise<void> {
  const { page, world, see } = walk;
  const { nationalId, phone } = world.someone();
  await open(walk, paths.username);
  await type(page, { nationalId, phone: phone.replace('+966', '0') });
  await page.locator('main a.button').waitFor();
  await see('username-sent');
}

async function resetPassword(walk: Walk): Promise<void> {
  const { page, world, person, see } = walk;
  const { username, nationalId, password } = await world.subscriber(person);
  await open(walk, paths.reset);
  await type(page, { username, nationalId });
  await field(page, 'username').waitFor({ state: 'detached' });
  await see('reset-send');
  const code = await codeOf(world, person.phone, () => press(page));
  await field(page, 'code').waitFor();
  await see('reset-code');
  await type(page, { code });
  await field(page, 'newPassword').waitFor();
  await see('reset-password');
  await seeMistakes(walk, 'reset-password');
  const newPassword = `${password} آخر`;
  await type(page, { newPassword, confirmPassword: newPassword });
  await page.locator('main a.button').waitFor();
  await asked(walk);
  await see('reset-done');
  await page.context().clearCookies();
  await open(walk, paths.login);
  await type(page, { username });
  // The old password is wrong now.
  await type(page, { password });
  await page.locator('main .notice--wrong').waitFor();
  await see('login-refused');
}

async function leave(walk: Walk): Promise<void> {
  const { page, world, person, see } = walk;
  await logIn({ page, world, person });
  await open(walk, paths.close);
  const code = await codeOf(world, person.phone, () =>
    type(page, { currentPassword: person.password }),
  );
  await field(page, 'code').waitFor();
  await see('close-code');
  await type(page, { code });
  await field(page, 'code').waitFor({ state: 'detached' });
  await see('close-last');
  await press(page);
  await page.locator('main .button--danger').waitFor({ state: 'detached' });
  await settled(page);
  await asked(walk);
  await see('close-done');
}
