import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { noticeMessage } from '#core/delivery/notice-messages.ts';
import { maskUsername } from '#core/values/masked-username.ts';
import { local } from '../../lib/config/stages/local.ts';
import { paths } from '../../portal/paths.ts';
import ar from '../../portal/src/i18n/ar/account.ts';
import { type Browser, openPortalPlace } from '../support/portal/open-portal.ts';
import { codeOf, field, open, type } from '../support/portal/walk.ts';
import {
  type Answer,
  outcome,
  type Person,
  toNextHour,
  type World,
} from '../support/world/world.ts';

/** Days in the life of honest people, with the limits of a deployed stage. Nobody of them is refused. */
let world: World;
let browser: Browser;
openPortalPlace((place) => {
  ({ world, browser } = place);
}, local);

const hour = 3600;
const day = 24 * hour * 1000;

/** To an hour of the next day. Budgets of a day are by UTC. */
const toTomorrowAt = (hours: number): void =>
  world.clock.set(Math.ceil(world.clock.now() / day) * day + hours * hour * 1000);

/** A browser of a person who reads Arabic. @returns the page, and the status of each call of a login */
async function openBrowser(address?: string) {
  const page = await browser.open({ width: 390 });
  if (address) await page.context().setExtraHTTPHeaders({ 'x-forwarded-for': address });
  const statuses: number[] = [];
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    const ofLogin = /^\/v1\/(sessions|sessions\/complete|challenges\/[^/]+\/verify)$/;
    if (ofLogin.test(pathname)) statuses.push(response.status());
  });
  return { page, statuses };
}

/** Logs in with password and SMS, sees the account, and logs out. */
async function logInAndOut(page: Page, person: Person): Promise<void> {
  const { username, password } = person;
  await open({ page, world }, paths.login);
  const code = await codeOf(world, person.phone, () => type(page, { username, password }));
  // A whole code is sent by itself.
  await field(page, 'code').fill(code);
  await page.waitForURL(`**${paths.account}`);
  await page.getByText(username).first().waitFor();
  await page.getByRole('button', { name: ar.logOut, exact: true }).click();
  await page.getByRole('heading', { name: ar.left.title, exact: true }).waitFor();
}

it('a family of five on one phone logs in four times each in a day, and nobody waits', async () => {
  const { phone } = world.someone();
  const family: Person[] = [];
  // A phone opens three accounts an hour.
  for (const ofThisHour of [3, 2]) {
    toNextHour(world.clock);
    for (let n = 0; n < ofThisHour; n++) {
      const member = world.someone({ phone });
      const ticket = await world.registrationTicket(phone, family.length + 1);
      const opened = await world.post(
        '/registrations/complete',
        world.registration(ticket, member),
        { language: 'ar' },
      );
      expect(opened.status).toBe(201);
      family.push(member);
    }
  }
  const homes = await Promise.all(family.map(() => openBrowser()));
  toTomorrowAt(4);
  const began = world.clock.now();
  for (const pause of [0, 4, 5, 6]) {
    world.clock.advance(pause * hour);
    for (const [n, member] of family.entries()) {
      const home = homes[n] as (typeof homes)[number];
      await logInAndOut(home.page, member);
    }
  }
  // Each code says whose it is, and each new browser was told of once.
  const texts = world.inbox.messages(phone).map(({ body }) => body);
  for (const { username } of family) {
    const name = maskUsername(username);
    expect(texts.filter((text) => text.split('\n')[1] === name)).toHaveLength(4);
    const ofDevices = texts.filter((text) => text === noticeMessage('new-device', 'ar', name));
    expect(ofDevices).toHaveLength(1);
  }
  // All in one day of the budgets.
  expect(world.clock.now() - began).toBeLessThan(20 * hour * 1000);
  // Password, code, session: four times each.
  for (const { statuses } of homes) expect(statuses).toEqual(Array(4).fill([202, 200, 201]).flat());
  await Promise.all(homes.map(({ page }) => page.context().close()));
});

describe('a hospital behind one address', () => {
  const address = '198.51.100.200';
  const ask = { address, language: 'ar' } as const;
  const people = 60;
  const rounds = 5;
  const tenMinutes = 600_000;
  /** People who log in at the same time. */
  const together = 20;

  /** Logs in as people do on a computer that is not theirs. @returns what happened */
  async function logIn(person: Person, mistypes: boolean) {
    const seen: (number | string)[] = [];
    const note = (answer: Answer) => {
      seen.push(outcome(answer));
      return answer;
    };
    if (mistypes) note(await world.typePassword({ ...person, password: 'كلمة أخرى تمامًا' }, ask));
    let typed = await world.typePassword(person, ask);
    note(typed);
    const { id } = typed.body.challenge;
    const code = await codeOfNext(person);
    typed = await world.post(`/challenges/${id}/verify`, { code }, ask);
    note(typed);
    note(await world.post('/sessions/complete', { ticket: typed.body.ticket }, ask));
    return seen;
  }

  const had = new Map<string, number>();
  const codeOfNext = async ({ phone }: Person): Promise<string> => {
    const codes = () =>
      world.inbox.messages(phone).flatMap(({ body }) => /#(\d{6})$/.exec(body)?.[1] ?? []);
    const next = (had.get(phone) ?? 1) + 1;
    had.set(phone, next);
    await expect.poll(() => codes().length, { timeout: 20_000 }).toBeGreaterThanOrEqual(next);
    return codes()[next - 1] ?? '';
  };

  it('logs in 300 times in ten minutes, with a slip in five, and nobody is refused', async () => {
    const staff: Person[] = [];
    // Few at once: a busy machine answers more with 503.
    while (staff.length < people)
      staff.push(...(await Promise.all(Array.from({ length: 5 }, () => world.subscriber()))));
    const [nurse, other] = [await world.subscriber(), await world.subscriber()];
    toNextHour(world.clock);
    const began = world.clock.now();
    const untilShareOf = (done: number) => {
      const due = began + done * tenMinutes;
      if (world.clock.now() < due) world.clock.set(due);
    };
    let loggedIn = 0;
    const right = [202, 200, 201];
    for (let round = 0; round < rounds; round++) {
      for (let first = 0; first < people; first += together) {
        const group = staff.slice(first, first + together);
        const slips = group.map((_, n) => (first + n) % rounds === round);
        const seen = await Promise.all(group.map((person, n) => logIn(person, slips[n] === true)));
        expect(seen).toEqual(
          slips.map((slip) => (slip ? ['credentials_incorrect', ...right] : right)),
        );
        loggedIn += together;
        untilShareOf(loggedIn / (people * rounds));
      }
      if (round !== 2) continue;
      // In the middle of it, two nurses at the computer of their ward.
      const { page, statuses } = await openBrowser(address);
      for (const person of [nurse, other]) await logInAndOut(page, person);
      expect(statuses).toEqual([...right, ...right]);
      await page.context().close();
    }
    expect(loggedIn).toBe(300);
    // All in one hour of the budgets, and in ten minutes on a machine that keeps up.
    expect(world.clock.now() - began).toBeLessThan(1.5 * tenMinutes);
  });
});
