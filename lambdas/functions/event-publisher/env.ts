import { environmentOf } from '../environment.ts';

export const env = environmentOf('EVENT_BUS_NAME');
export type Environment = typeof env;
