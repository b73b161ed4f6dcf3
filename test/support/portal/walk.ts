import type { Page } from 'playwright-core';
import { type Path, paths } from '../../../portal/paths.ts';
import { waitUntil } from '../wait-until.ts';
import type { Person, World } from '../world/world.ts';

/** A person's walk through the portal, which stops at everything new to see. */
export interface Walk {
  readonly page: Page;
  readonly world: World;
  readonly person: Person;
  /** @param name of the current screen: `register-code` */
  readonly see: (name: string) => Promise<void>;
}

/** Loads a page, and waits for its API calls. */
export async function open({ page, world }: Pick<Walk, 'page' | 'world'>, path: Path | '/nowhere') {
  await page.goto(`${world.serving.url}${path}`);
  await settled(page);
}

export async function settled(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor();
  await page.locator('main .waiting').first().waitFor({ state: 'detached' });
}

export const field = (page: Page, name: string) => page.locator(`main [name="${name}"]`);

/**
 * Types into fields by name, and presses Enter. A code that is filled in at once is already sent by
 * then.
 */
export async function type(page: Page, typed: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(typed)) await field(page, name).fill(text);
  await page.keyboard.press('Enter');
}

/** Presses the main button of a page. */
export const press = (page: Page) =>
  page.locator('main :is(.button--first, .button--danger)').first().click();

/** Shows the mistakes of an empty form. */
export async function seeMistakes({ page, see }: Walk, name: string): Promise<void> {
  const form = page
    .locator('main form')
    .filter({ has: page.locator('input') })
    .first();
  if ((await form.count()) === 0) return;
  const typed = form.locator('input:not([type=checkbox])');
  for (const one of await typed.all()) if (await one.isEditable()) await one.fill('');
  await form.locator('button[type=submit]').click();
  await page.locator('main [aria-invalid=true]').first().waitFor();
  await see(`${name}-mistakes`);
}

const codes = (world: World, phone: string) =>
  world.inbox.messages(phone).flatMap(({ body }) => /#(\d{6})$/.exec(body)?.slice(1) ?? []);

/** The code that an action sends to a phone; notices may arrive as well. */
export async function codeOf(
  world: World,
  phone: string,
  ask: () => Promise<unknown>,
): Promise<string> {
  const before = codes(world, phone).length;
  await ask();
  return waitUntil(() => codes(world, phone)[before], `No code came to ${phone}`);
}

/** Creates an account for the person, and logs in as people do. */
export async function logIn(walk: Omit<Walk, 'see'> & Partial<Walk>): Promise<void> {
  const { page, world, person, see } = walk;
  await world.subscriber(person);
  await open(walk, paths.login);
  const { username, password } = person;
  const code = await codeOf(world, person.phone, () => type(page, { username, password }));
  await field(page, 'code').waitFor();
  await see?.('login-code');
  await type(page, { code });
  await page.waitForURL(`**${paths.account}`);
  await settled(page);
}
