import type * as z from 'zod';
import { environmentOf } from '../parse-environment.ts';

const environment = environmentOf('PORTAL_HOST', 'TERMS_VERSION');

export type Environment = z.input<typeof environment>;
export const env = environment.parse(process.env);
