import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { paths } from '../../portal/paths.ts';
import { languages } from '../support/portal/looks.ts';
import { type Browser, openPortalPlace } from '../support/portal/open-portal.ts';
import { codeOf, field, open, press, type } from '../support/portal/walk.ts';
import type { World } from '../support/world/world.ts';

/** The portal as people hold it: zoomed, on its side, translated by the browser, in a tab that the phone drops. */
let world: World;
let browser: Browser;
openPortalPlace((place) => {
  ({ world, browser } = place);
});

/** A page in a language. */
async function pageIn(language: string, size: { width?: number; height?: number } = {}) {
  const page = await browser.open({ width: 390, ...size });
  await page.addInitScript(`localStorage.setItem('hawiya.language', '${language}')`);
  return page;
}

/** The name of the focused field if all of it is in the window and nothing covers it; otherwise where it is. */
const fieldInView = (page: Page): Promise<string> =>
  page.evaluate(`(() => {
    const field = document.activeElement;
    const { top, bottom, left, right } = field.getBoundingClientRect();
    const seen = document.elementFromPoint((left + right) / 2, (top + bottom) / 2) === field;
    const inside = top >= 0 && bottom <= innerHeight && left >= 0 && right <= innerWidth;
    return inside && seen ? field.name : field.name + ' from ' + top + ' to ' + bottom;
  })()`);

const windows = [
  ['a desk at 400 % zoom', { width: 320, height: 180 }],
  ['a phone on its side, with its keyboard', { width: 640, height: 160 }],
] as const;

describe.each(windows)('in the window of %s', (_what, size) => {
  it.each(languages)('the focused field is in view, in %s', async (language) => {
    const page = await pageIn(language, size);
    const { phone } = world.someone();
    await open({ page, world }, paths.register);
    await type(page, { phone: '12' });
    await page.locator('[aria-invalid=true]').waitFor();
    await expect.poll(() => fieldInView(page)).toBe('phone');
    const code = await codeOf(world, phone, () => type(page, { phone }));
    await field(page, 'code').waitFor();
    await expect.poll(() => fieldInView(page)).toBe('code');
    await field(page, 'code').fill(world.wrongCode(code));
    await page.locator('[aria-invalid=true]').waitFor();
    await expect.poll(() => fieldInView(page)).toBe('code');

    const { username, nationalId, phone: known } = await world.subscriber();
    await open({ page, world }, paths.reset);
    await type(page, { username, nationalId });
    await field(page, 'username').waitFor({ state: 'detached' });
    await codeOf(world, known, () => press(page));
    await field(page, 'code').waitFor();
    await expect.poll(() => fieldInView(page)).toBe('code');
    await page.context().close();
  });
});
