import { type Signal, signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import type { Path } from '../../paths.ts';

type Page = ComponentType;
type LoadPage = () => Promise<{ readonly default: Page }>;

/** A page that is loading: undefined until its script has arrived, `failed` if the script did not arrive. */
type LoadingPage = Signal<{ readonly page: Page } | 'failed' | undefined>;

interface PageLoaders {
  readonly byPath: Readonly<Record<Path, LoadPage>>;
  readonly notFound: LoadPage;
}

let loaders: PageLoaders | undefined;
const pages = new Map<string, LoadingPage>();

/** Says how each page is loaded. A link preloads pages by path alone, so pages may contain links without an import circle. */
export function setPageLoaders(all: PageLoaders): void {
  loaders = all;
}

/** Loads the page of a path once, and again after a failure. */
export function preload(path: string): LoadingPage {
  if (!loaders) throw new Error('setPageLoaders has not been called.');
  const load = loaders.byPath[path as Path] ?? loaders.notFound;
  const name = path in loaders.byPath ? path : '';
  const known = pages.get(name);
  if (known && known.peek() !== 'failed') return known;
  const loading: LoadingPage = known ?? signal();
  pages.set(name, loading);
  loading.value = undefined;
  load().then(
    ({ default: page }) => {
      loading.value = { page };
    },
    () => {
      loading.value = 'failed';
    },
  );
  return loading;
}

/** Resolves when the script of a path's page has arrived, or has failed to. */
export const pageLoaded = (path: string): Promise<void> =>
  new Promise((resolve) => {
    preload(path).subscribe((loaded) => {
      if (loaded !== undefined) resolve();
    });
  });
