import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { type Path, paths, readable } from '../../portal/paths.ts';
import arQuestions from '../../portal/src/i18n/ar/help.ts';
import ar from '../../portal/src/i18n/ar/noscript.ts';
import arNotices from '../../portal/src/i18n/ar/notices.ts';
import arPages from '../../portal/src/i18n/ar/pages.ts';
import enQuestions from '../../portal/src/i18n/en/help.ts';
import en from '../../portal/src/i18n/en/noscript.ts';
import enNotices from '../../portal/src/i18n/en/notices.ts';
import { axeFaults } from '../support/portal/looks.ts';
import { type Browser, openPortalPlace } from '../support/portal/open-portal.ts';
import type { World } from '../support/world/world.ts';

/** The portal in a browser that runs no script, on a phone. */
let world: World;
let browser: Browser;
openPortalPlace((place) => {
  ({ world, browser } = place);
});

async function without(path: string, run: (page: Page) => Promise<void>): Promise<void> {
  const page = await browser.open({ width: 320, javaScriptEnabled: false });
  await page.goto(world.serving.url + path);
  await run(page);
  await page.context().close();
}

/** A text of the portal as it stands on the page. */
const shown = (text: string, holes: Readonly<Record<string, string>> = {}) =>
  text.replace(/\{\{(\w+)\}\}/g, (_, name) => `\u2066${holes[name]}\u2069`);
const script = { script: 'JavaScript' };

/** The languages a text is written in are the portal's own, and both are on the page. */
const inBoth = (page: Page) =>
  Promise.all((['ar', 'en'] as const).map((id) => page.locator(`#${id}[lang=${id}]`).innerText()));

const instructed = Object.values(paths).filter(
  (path) => !readable.some((name) => paths[name] === path),
);

it.each(instructed)(
  '%s says in both languages what to do, and looks like the portal',
  async (path) => {
    await without(path, async (page) => {
      const texts = await inBoth(page);
      for (const [n, own] of [ar, en].entries()) {
        expect(texts[n]).toContain(shown(own.title, script));
        expect(texts[n]).toContain(shown(own.needs));
        expect(texts[n]).toContain(shown(own.how.android, { ...script, browser: 'Chrome' }));
        expect(texts[n]).toContain(shown(own.how.iphone, { ...script, browser: 'Safari' }));
        expect(texts[n]).toContain('937');
      }
      expect(await page.locator('form, button, input').count()).toBe(0);
      expect(await page.locator('#ar a[href="tel:937"].button').count()).toBe(1);
      // The portal's own styles: its bar, its typeface, nothing wider than the screen.
      expect(await styleOf(page, '#ar .header', 'border-block-start-width')).toBe('4px');
      expect(await styleOf(page, '#ar .button', 'background-color')).not.toBe('rgba(0, 0, 0, 0)');
      expect(await styleOf(page, '#en', 'direction')).toBe('ltr');
      expect(await overflow(page)).toBe(0);
    });
  },
);

/** Playwright's own evaluation needs no script of the page. */
const styleOf = (page: Page, selector: string, name: string): Promise<string> =>
  page.evaluate(
    `getComputedStyle(document.querySelector('${selector}')).getPropertyValue('${name}')`,
  );

const overflow = (page: Page): Promise<number> =>
  page.locator('html').evaluate((root) => Math.max(0, root.scrollWidth - root.clientWidth));

it('the links of such a page lead to pages that can be read, and its language link to the other language', async () => {
  await without(paths.login, async (page) => {
    for (const name of readable) {
      await page.locator(`#ar .points a[href="${paths[name]}"]`).click();
      await page.waitForURL(`**${paths[name]}`);
      expect((await inBoth(page))[0]).toContain(shown(ar.reading, script));
      await page.goBack();
    }
    await page.locator('#ar a[lang=en]').click();
    expect(new URL(page.url()).hash).toBe('#en');
    const top = await page.locator('#en').evaluate((block) => block.getBoundingClientRect().top);
    expect(top).toBeLessThan(100);
    await page.locator('#en a[lang=ar]').click();
    expect(new URL(page.url()).hash).toBe('#ar');
  });
});

it.each<[Path, string[], string[]]>([
  [paths.privacy, [arNotices.privacy.keep.given], [enNotices.privacy.keep.given]],
  [paths.accessibility, [arNotices.accessibility.works.zoom], [enNotices.accessibility.works.zoom]],
  [
    paths.help,
    [arQuestions.questions.noCode.question, arQuestions.still],
    [enQuestions.questions.noCode.question, enQuestions.still],
  ],
])(
  '%s is read without a script, in both languages, with the instructions below it',
  async (path, inArabic, inEnglish) => {
    await without(path, async (page) => {
      const [arabic = '', english = ''] = await inBoth(page);
      for (const text of [...inArabic, shown(ar.title, script)]) expect(arabic).toContain(text);
      for (const text of [...inEnglish, shown(en.title, script)]) expect(english).toContain(text);
      expect(await overflow(page)).toBe(0);
      // What only a script can answer is not there.
      for (const dead of await page.locator('input, button').all())
        expect(await dead.isVisible()).toBe(false);
    });
  },
);

it.each([paths.login, paths.help, paths.privacy, paths.accessibility, '/nowhere'])(
  '%s has no fault that axe finds, in light and in dark',
  async (path) => {
    // axe itself needs scripts. So a browser that runs them gets the page as the others see it.
    const page = await browser.open({ width: 320 });
    const url = world.serving.url + path;
    const html = await (await fetch(url, { headers: { accept: 'text/html' } })).text();
    const body = html.replace(
      /<script[^>]*><\/script>|<template.*?<\/template>|<\/?noscript>/gs,
      '',
    );
    await page.route(url, (route) => route.fulfill({ body, contentType: 'text/html' }));
    await page.goto(url);
    // What the style sheet hides inside `<noscript>`, as the test above shows.
    const hidden = page.locator('[role=search], .feedback');
    await hidden.evaluateAll((elements) => {
      for (const element of elements) element.remove();
    });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await axeFaults(page)).toEqual([]);
    }
    await page.context().close();
  },
);

it('an answer of the help opens without a script', async () => {
  await without(paths.help, async (page) => {
    const question = page.locator('#ar details.question').first();
    const answer = question.locator('p');
    expect(await answer.isVisible()).toBe(false);
    await question.locator('summary').click();
    expect(await answer.isVisible()).toBe(true);
  });
});

it('an unknown address says so and leads home, in a page that fits into the host’s function', async () => {
  await without('/nowhere', async (page) => {
    expect((await inBoth(page))[0]).toContain(arPages.notFound.title);
    await page.locator('#ar a.button').click();
    await page.waitForURL(`**${paths.home}`);
    expect((await inBoth(page))[0]).toContain(shown(ar.title, script));
  });
  const answer = await fetch(`${world.serving.url}/nowhere`, { headers: { accept: 'text/html' } });
  expect(answer.status).toBe(404);
  // CloudFront takes 10 kB of source. The paths of the pages and problems need 4 kB of it.
  expect(Buffer.byteLength(JSON.stringify(await answer.text()))).toBeLessThan(6_000);
});

it('with a script none of it is shown', async () => {
  const page = await browser.open({ width: 320 });
  await page.goto(world.serving.url + paths.help);
  await page.locator('#portal h1').waitFor();
  expect(await page.locator('#ar, #en').count()).toBe(0);
  expect(await page.locator('main').count()).toBe(1);
  await page.context().close();
});
