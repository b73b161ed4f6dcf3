import { render } from 'preact-render-to-string';
import { App } from './app.tsx';
import { registerPages } from './routes.ts';
import { pageLoaded } from './state/page-loader.ts';

/**
 * Renders the page of the current address in the document's language, at build time.
 * `portal/first-pages.ts` calls it.
 */
export async function renderFirstScreen(): Promise<string> {
  registerPages();
  await pageLoaded(location.pathname);
  return render(<App />);
}
