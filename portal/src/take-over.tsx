import { hydrate, render } from 'preact';
import { App } from './app.tsx';
import { pageLoaded, preload } from './state/page-loader.ts';
import { entry } from './state/router.ts';
import { tellControls } from './state/tell-controls.ts';

/** Marks a container that shows the screen of the HTML file. `public/boot.js` sets it. */
const FIRST_SCREEN = 'data-first-screen';

/** Renders the portal into its container. It keeps the elements of a first screen that is already there, and their text. */
export async function takeOver(container: HTMLElement): Promise<void> {
  if (!container.hasAttribute(FIRST_SCREEN)) {
    render(<App />, container);
    return;
  }
  const { path } = entry.peek();
  await pageLoaded(path);
  container.removeAttribute(FIRST_SCREEN);
  if (preload(path).peek() === 'failed') {
    container.replaceChildren();
    render(<App />, container);
    return;
  }
  hydrate(<App />, container);
  tellControls(container);
  // `public/boot.js` now repeats the presses that it held back.
  container.dispatchEvent(new Event('takeover'));
}
