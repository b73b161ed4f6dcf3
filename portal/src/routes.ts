import { type Signal, signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { type Path, paths } from '../paths.ts';
import Home from './flows/pages/home.tsx';

type Page = ComponentType;
type Load = () => Promise<{ readonly default: Page }>;

/** Path → page. All but the first come with their texts in a script of their own. */
const loads: Readonly<Record<Path, Load>> = {
  // With the first script: most begin here, and a slow network makes a second round trip felt.
  [paths.home]: async () => ({ default: Home }),
  [paths.register]: () => import('./flows/register/register.tsx'),
  [paths.login]: () => import('./flows/login/login.tsx'),
  [paths.reset]: () => import('./flows/reset/reset.tsx'),
  [paths.account]: () => import('./flows/account/account.tsx'),
  [paths.sessions]: () => import('./flows/account/sessions.tsx'),
  [paths.password]: () => import('./flows/account/password.tsx'),
  [paths.phone]: () => import('./flows/account/phone.tsx'),
  [paths.authenticator]: () => import('./flows/account/authenticator.tsx'),
  [paths.export]: () => import('./flows/account/export.tsx'),
  [paths.close]: () => import('./flows/account/close.tsx'),
  [paths.terms]: () => import('./flows/pages/terms.tsx'),
  [paths.contact]: () => import('./flows/pages/contact.tsx'),
};
const notFound: Load = () => import('./flows/pages/not-found.tsx');

/** A page on its way: undefined until its script is here, `failed` where it did not come. */
export type Loading = Signal<{ readonly page: Page } | 'failed' | undefined>;

const pages = new Map<string, Loading>();

/** The page of a path, fetched once; again where that failed. */
export function preload(path: string): Loading {
  const load = loads[path as Path] ?? notFound;
  const name = path in loads ? path : '';
  const known = pages.get(name);
  if (known && known.peek() !== 'failed') return known;
  const loading: Loading = known ?? signal();
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
