import { afterAll, beforeAll } from 'vitest';
import type { StageConfig } from '../../../lib/config/stage-config.ts';
import { openWorld, type World } from '../world/world.ts';
import { openBrowser } from './browser.ts';

export type Browser = Awaited<ReturnType<typeof openBrowser>>;

interface PortalPlace {
  readonly world: World;
  readonly browser: Browser;
}

/**
 * Opens the whole system with the built portal, and a browser, for the tests of a file. Closes both
 * after them.
 * @param enter gets both before the first test
 */
export function openPortalPlace(enter: (place: PortalPlace) => void, config?: StageConfig): void {
  let place: Partial<PortalPlace> = {};
  beforeAll(async () => {
    const [world, browser] = await Promise.all([openWorld(config && { config }), openBrowser()]);
    place = { world, browser };
    await world.serving.portalReady();
    enter({ world, browser });
  });
  afterAll(async () => {
    await place.browser?.close();
    await place.world?.close();
  });
}
