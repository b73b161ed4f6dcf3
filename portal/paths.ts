/**
 * Every page of the portal; language-neutral, so that a link works for whoever gets it. The host that serves the portal answers
 * these with the page, and all else with the page and a 404.
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
