import * as z from 'zod';

const schema = z.object({
  /** Bus that the events are published to. */
  EVENT_BUS_NAME: z.string().min(1),
});

export type Environment = z.input<typeof schema>;
export const env = schema.parse(process.env);
