import { paths } from '../paths.ts';
import Home from './flows/pages/home.tsx';
import { setPageLoaders } from './state/page-loader.ts';

/** Registers the page of each path. Each page but the first comes in its own script, with its texts. */
export const registerPages = (): void =>
  setPageLoaders({
    byPath: {
      // In the first script: most visits begin here, and a second round trip is slow on a bad network.
      [paths.home]: async () => ({ default: Home }),
      [paths.register]: () => import('./flows/register/register.tsx'),
      [paths.login]: () => import('./flows/login/login.tsx'),
      [paths.reset]: () => import('./flows/reset/reset.tsx'),
      [paths.username]: () => import('./flows/username/username.tsx'),
      [paths.account]: () => import('./flows/account/account.tsx'),
      [paths.sessions]: () => import('./flows/account/sessions.tsx'),
      [paths.password]: () => import('./flows/account/password.tsx'),
      [paths.phone]: () => import('./flows/account/phone.tsx'),
      [paths.authenticator]: () => import('./flows/account/authenticator.tsx'),
      [paths.export]: () => import('./flows/account/export.tsx'),
      [paths.close]: () => import('./flows/account/close.tsx'),
      [paths.help]: () => import('./flows/help/help.tsx'),
      [paths.terms]: () => import('./flows/pages/terms.tsx'),
      [paths.privacy]: () => import('./flows/pages/privacy.tsx'),
      [paths.accessibility]: () => import('./flows/pages/accessibility.tsx'),
      [paths.contact]: () => import('./flows/pages/contact.tsx'),
    },
    notFound: () => import('./flows/pages/not-found.tsx'),
  });
