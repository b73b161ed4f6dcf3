import type { Page } from 'playwright-core';

/** Address of the script of all pages. */
export const script = /\/assets\/index-[^/]+\.js$/;

/** Holds the portal's script back until the returned function is called, as a slow network does. */
export async function holdScript(page: Page): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(script, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}
