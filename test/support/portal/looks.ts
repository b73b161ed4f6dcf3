import axe from 'axe-core';
import type { Page } from 'playwright-core';

export const languages = ['ar', 'en'] as const;
export const themes = ['light', 'dark'] as const;

/** One way of seeing a page. `width` in CSS pixels. */
export interface Look {
  readonly language: (typeof languages)[number];
  readonly theme: (typeof themes)[number];
  readonly width: number;
}

/**
 * Shows a page in every language, theme and width, one after the other, and ends in Arabic. The
 * page is not reloaded, so its contents stay.
 */
export async function inEveryLook(
  page: Page,
  widths: readonly number[],
  see: (look: Look) => Promise<void>,
): Promise<void> {
  for (const language of languages.toReversed()) {
    await speak(page, language);
    for (const theme of themes) {
      await page.emulateMedia({ colorScheme: theme });
      for (const width of widths) {
        await page.setViewportSize({ width, height: width < 600 ? 844 : 900 });
        await page.evaluate('document.fonts.ready.then(() => new Promise(requestAnimationFrame))');
        await see({ language, theme, width });
      }
    }
  }
}

/** Switches the language with the button in the header, as people do. */
export async function speak(page: Page, language: Look['language']): Promise<void> {
  const now = await page.locator('html').getAttribute('lang');
  if (now !== language) await page.locator(`header button[lang=${language}]`).click();
}

/** WCAG 2.2 AA, and the rules that axe calls best practice. */
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const options: axe.RunOptions = {
  runOnly: { type: 'tag', values: rules },
  rules: { 'target-size': { enabled: true } },
  resultTypes: ['violations'],
  // A preload would fetch the style sheets again, for rules that are not used here.
  preload: false,
};

/** The faults that axe finds on the current page: the rule and the element. */
export async function axeFaults(page: Page): Promise<string[]> {
  if (!(await page.evaluate(`'axe' in globalThis`))) await page.evaluate(axe.source);
  return page.evaluate(`axe.run(document, ${JSON.stringify(options)}).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ' ' + target.join(' '))))`);
}

/**
 * Layout faults of the current page: content wider than the window, and targets smaller than 44
 * pixels. Links inside a sentence may be as high as its text.
 */
export const layoutFaults = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
    const name = (one) => one.tagName.toLowerCase() + '.' + one.className + ' ' + (one.innerText || one.name || '').slice(0, 30);
    const wide = document.scrollingElement.scrollWidth > innerWidth
      ? [...document.body.querySelectorAll('*')]
          .filter((one) => { const { left, right } = one.getBoundingClientRect(); return left < -1 || right > innerWidth + 1; })
          .map((one) => 'wider than the window: ' + name(one))
      : [];
    const targets = 'button, select, summary, label.choice, a[href], input:not([type=checkbox], [type=radio], [type=hidden], [aria-hidden=true])';
    const small = [...document.querySelectorAll(targets)]
      .filter((one) => {
        const { width, height } = one.getBoundingClientRect();
        const shown = one.checkVisibility() && height > 0 && !one.closest('.unseen');
        return shown && getComputedStyle(one).display !== 'inline' && (height < 43.5 || width < 43.5);
      })
      .map((one) => 'smaller than 44 px: ' + name(one));
    return [...wide, ...small];
  })()`);
