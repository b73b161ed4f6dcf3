import { environmentOf } from '../environment.ts';
import { settingsOf } from '../settings.ts';

const environment = environmentOf('TABLE_NAME', 'RECEIPT_SECRET_ARN');

export type Environment = typeof environment;
export const env = {
  ...environment,
  ...settingsOf({
    PORTAL_HOST: SETTINGS.PORTAL_HOST,
    RECEIPT_RULES: SETTINGS.RECEIPT_RULES,
  }),
};
