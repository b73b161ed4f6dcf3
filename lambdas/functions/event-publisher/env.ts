import * as z from 'zod';

const environment = z.object({
  /** Bus that the events are published to. */
  EVENT_BUS_NAME: z.string().min(1),
});

export type Environment = z.input<typeof environment>;
export const env = environment.parse(process.env);
