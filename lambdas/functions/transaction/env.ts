import * as z from 'zod';
import { variables } from '../environment.ts';

const schema = z.object({
  TABLE_NAME: variables.TABLE_NAME,
  SECRET_ARN: variables.SECRET_ARN,
  LIMITS: variables.LIMITS,
  REVIEW_NUMBERS: variables.REVIEW_NUMBERS,
  DESTINATIONS: variables.DESTINATIONS,
  PORTAL_HOST: variables.PORTAL_HOST,
  RELYING_SERVICES: variables.RELYING_SERVICES,
});

export type Environment = z.input<typeof schema>;
export const env = schema.parse(process.env);
