import { render } from 'preact-render-to-string';
import { App } from './app.tsx';
import { registerPages } from './routes.ts';
import { pageLoaded, preload } from './state/page-loader.ts';
import { NotFoundWithoutScript, WithoutScript } from './without-script.tsx';

/**
 * Renders the page of the current address in the document's language, at build time.
 * `portal/first-pages.ts` calls it.
 */
export async function renderFirstScreen(): Promise<string> {
  registerPages();
  await pageLoaded(location.pathname);
  return render(<App />);
}

/** Renders what every page that needs a script shows without one. */
export const renderInstructions = (): string => render(<WithoutScript />);

/** Renders the page of the current address as it can be read without a script. */
export async function renderReadable(): Promise<string> {
  registerPages();
  await pageLoaded(location.pathname);
  const loaded = preload(location.pathname).value;
  if (typeof loaded !== 'object') throw new Error(`There is no page at ${location.pathname}`);
  return render(<WithoutScript reading={loaded.page} />);
}

/** Renders what an unknown address shows without a script. */
export const renderNotFound = (): string => render(<NotFoundWithoutScript />);
