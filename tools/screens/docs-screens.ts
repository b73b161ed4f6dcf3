/** The screens that documents show, `<name>.<language>.<theme>.<width>`. They are committed in `docs/screens`. */
export const docsScreens: readonly string[] = [
  'home.ar.light.390',
  'register-code.ar.dark.390',
  'account.en.light.390',
  'reset-password.en.dark.390',
  'login.ar.light.1280',
  'authenticator-app.en.dark.1280',
  'sessions.en.light.390',
  'terms.ar.light.390',
];
