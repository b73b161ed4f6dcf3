/**
 * The path of every page. Paths name no language, so that a shared link opens in the reader's own. The portal's host
 * answers these paths with 200 and the page, and every other path with 404 and the same page.
 */
export const paths = {
  home: '/',
  register: '/register',
  login: '/login',
  reset: '/reset',
  username: '/username',
  account: '/account',
  sessions: '/account/sessions',
  password: '/account/password',
  phone: '/account/phone',
  authenticator: '/account/authenticator',
  export: '/account/export',
  close: '/account/close',
  help: '/help',
  terms: '/terms',
  privacy: '/privacy',
  accessibility: '/accessibility',
  contact: '/contact',
} as const;

export type PageName = keyof typeof paths;
export type Path = (typeof paths)[PageName];

/**
 * The pages whose first screen is the same for everybody. The build writes that screen, in both languages, into an HTML
 * file of the page's own: people see and use it before the portal's script has arrived.
 */
export const prerendered = [
  'home',
  'login',
  'register',
  'reset',
  'username',
] as const satisfies PageName[];

/** The pages that people can read without a script. The HTML file of each holds its text, in both languages. */
export const readable = ['help', 'privacy', 'accessibility'] as const satisfies PageName[];

const withOwnFile: readonly PageName[] = [...prerendered, ...readable];

/** The HTML file of each page, by its path on the portal's host. */
export const pageFiles: ReadonlyMap<string, string> = new Map(
  (Object.keys(paths) as PageName[]).map((name) => [
    paths[name],
    withOwnFile.includes(name) ? `/${name}.html` : '/index.html',
  ]),
);

/** The HTML file of every other path. */
export const notFoundFile = 'not-found.html';

/** Where password managers look for the page that changes a password (W3C, "A Well-Known URL for Changing Passwords"). */
export const changePassword = { from: '/.well-known/change-password', to: paths.password } as const;
