import * as z from 'zod';

const schema = z.object({
  /** Bus the events go out on. */
  EVENT_BUS_NAME: z.string().min(1),
});

export type Environment = z.input<typeof schema>;
export const env = schema.parse(process.env);
