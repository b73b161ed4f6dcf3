import { settingsOf } from '../settings.ts';

export type Environment = Readonly<Record<never, string>>;
export const env = settingsOf({
  PORTAL_HOST: SETTINGS.PORTAL_HOST,
  APP_ORIGINS: SETTINGS.APP_ORIGINS,
  TERMS_VERSION: SETTINGS.TERMS_VERSION,
});
