/**
 * The path of every page. Paths name no language, so that a shared link opens in the reader's own. The portal's host
 * answers these paths with 200 and the page, and every other path with 404 and the same page.
 */
export const paths = {
  home: '/',
  register: '/register',
  login: '/login',
  reset: '/reset',
  account: '/account',
  sessions: '/account/sessions',
  password: '/account/password',
  phone: '/account/phone',
  authenticator: '/account/authenticator',
  export: '/account/export',
  close: '/account/close',
  terms: '/terms',
  contact: '/contact',
} as const;

export type PageName = keyof typeof paths;
export type Path = (typeof paths)[PageName];
