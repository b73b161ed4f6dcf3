import type { Page } from 'playwright-core';

/**
 * What a page must not do, watched from the start: violate its security policy, call another host,
 * fail.
 */
export interface Watched {
  readonly faults: string[];
  /**
   * Every requested address and every address of the address bar, including changes of the history
   * without a request.
   */
  readonly addresses: Set<string>;
}

/**
 * Watches a page of the portal. Refusals of the API are answers, not faults.
 * @param url the portal's own
 */
export async function watch(page: Page, url: string): Promise<Watched> {
  const faults: string[] = [];
  const addresses = new Set<string>();
  await page.addInitScript(`document.addEventListener('securitypolicyviolation', (event) =>
    console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))`);
  page.on('console', (message) => {
    const { url: from } = message.location();
    const isAnswer =
      /the server responded with a status/.test(message.text()) && /\/v1\/|\/nowhere$/.test(from);
    if (message.type() === 'error' && !isAnswer) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('framenavigated', (frame) => addresses.add(frame.url()));
  page.on('request', (request) => {
    addresses.add(request.url());
    if (!request.url().startsWith(url) && !request.url().startsWith('data:'))
      faults.push(`calls ${request.url()}`);
  });
  return { faults, addresses };
}

/** Milliseconds for which the search tabs round a page that is still loading. */
const tabTimeout = 120_000;

/** Presses Tab until a control with this name has the focus, as keyboard users do. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const until = Date.now() + tabTimeout;
  while (Date.now() < until) {
    await page.keyboard.press('Tab');
    const text = await focused(page);
    if (typeof name === 'string' ? text.includes(name) : name.test(text)) return;
  }
  throw new Error(`The keyboard does not get to ${name}`);
}

/**
 * The text of the focused element, or the label of an input. Empty for the body, which has the
 * focus by default.
 */
export const focused = (page: Page): Promise<string> =>
  page.evaluate(`(() => {
    const at = document.activeElement;
    if (at === document.body) return '';
    return [...(at?.labels ?? [])].map((one) => one.innerText).join(' ') || at?.innerText || '';
  })()`);
