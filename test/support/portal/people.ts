import type { Locator, Page } from 'playwright-core';
import { totpCode, totpStep } from '#core/crypto/totp.ts';
import { waitUntil } from '../wait-until.ts';
import type { Person, World } from '../world/world.ts';
import type { Browser } from './open-portal.ts';
import { watch } from './watched-page.ts';

/** The codes that came to a phone. Other messages have none. */
const codesOf = (world: World, phone: string): string[] =>
  world.inbox.messages(phone).flatMap(({ body }) => /#(\d{6})$/.exec(body)?.[1] ?? []);

/** Waits for the n-th code of a phone; the registration of an account used the first. */
export async function nthCode(
  world: World,
  { phone }: Pick<Person, 'phone'>,
  n: number,
): Promise<string> {
  return waitUntil(() => codesOf(world, phone)[n - 1], `Code ${n} did not arrive`);
}

/** The number of codes that came to a phone. */
export const codesSent = (world: World, { phone }: Pick<Person, 'phone'>): number =>
  codesOf(world, phone).length;

export interface WithApp {
  readonly person: Person;
  /** The current code of the app. Each works once: `next` advances the cloud's clock to another. */
  readonly appCode: () => string;
  readonly next: () => void;
  readonly recoveryCodes: readonly string[];
}

/**
 * A person with an authenticator app, whose phone got two codes: of the registration, and of the
 * login that added the app.
 */
export const withApp = async (world: World): Promise<WithApp> =>
  addApp(world, await world.subscriber());

/** Adds an authenticator app to a person's account. */
export async function addApp(world: World, person: Person): Promise<WithApp> {
  const token = (await world.logIn(person)).body.tokens.accessToken;
  const path = '/account/authenticators/totp';
  const body = { currentPassword: person.password };
  const { secret, enrolment } = (await world.post(path, body, { token })).body;
  const appCode = () => totpCode(secret, totpStep(Math.floor(world.clock.now() / 1000)));
  const code = appCode();
  const confirmed = await world.post(`${path}/confirm`, { enrolment, code }, { token });
  const next = () => world.clock.advance(30);
  next();
  return { person, appCode, next, recoveryCodes: confirmed.body.recoveryCodes };
}

interface Visit {
  readonly width?: number;
  readonly language?: 'ar' | 'en';
}

/**
 * A person's visit to the portal with a browser profile of its own. It fails if the page does
 * something forbidden.
 */
export async function visit(
  world: World,
  browser: Browser,
  run: (page: Page) => Promise<void>,
  { width = 390, language = 'ar' }: Visit = {},
): Promise<void> {
  const page = await browser.open({ width });
  try {
    const { faults } = await watch(page, world.serving.url);
    if (language === 'en') {
      await page.addInitScript(`localStorage.setItem('hawiya.language', 'en')`);
    }
    await run(page);
    // The browser also reports connections that a test breaks on purpose.
    const ours = faults.filter((fault) => !/net::ERR_/.test(fault));
    if (ours.length > 0) throw new Error(ours.join('\n'));
  } finally {
    await page.context().close();
  }
}

export const field = (page: Page, name: string) => page.locator(`[name="${name}"]`);
export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
export const heading = (page: Page, name: string) =>
  page.getByRole('heading', { name, exact: true });

/** The description of a field for screen readers, with its hint and its mistake. */
export const describedBy = (page: Page, name: string): Promise<string> =>
  page.evaluate(`(() => {
    const field = document.getElementsByName(${JSON.stringify(name)})[0];
    const ids = (field?.getAttribute('aria-describedby') ?? '').split(' ');
    return ids.map((id) => document.getElementById(id)?.innerText ?? '').join(' ');
  })()`);

/** The `name` of the focused element. */
export const focusedName = (page: Page): Promise<string> =>
  page.evaluate(`document.activeElement?.name ?? ''`);

/**
 * Loses the answers of a call after the call went through.
 * @returns a function that restores the network
 */
export async function losingAnswers(page: Page, call: string) {
  const pattern = `**/v1${call}`;
  let underWay = 0;
  await page.route(pattern, async (route) => {
    underWay += 1;
    await route.fetch();
    await route.abort();
    underWay -= 1;
  });
  return {
    /** The answers arrive again. */
    found: () => page.unroute(pattern),
    /**
     * Advances the page's time through the client's retries until it shows `text`. The time stands still while a call is
     * under way: the client would give up before the real network answers.
     */
    async untilShown(text: Locator): Promise<void> {
      while ((await text.count()) === 0) {
        if (underWay === 0) await passTime(page, 2);
        await page.waitForTimeout(100);
      }
      await text.waitFor();
    },
  };
}

/** Refuses a call with that number of seconds to wait. */
export const refusing = (page: Page, call: string, retryAfter: number): Promise<unknown> =>
  page.route(`**/v1${call}`, (route) =>
    route.fulfill({
      status: 429,
      contentType: 'application/problem+json',
      body: JSON.stringify({ code: 'too_many_requests', status: 429, retryAfter }),
    }),
  );

/** Advances the page's clock and timers at once; the network takes its real time. */
export const passTime = (page: Page, seconds: number): Promise<void> =>
  page.clock.fastForward(seconds * 1000);
