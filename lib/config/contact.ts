import * as z from 'zod';

/** How people reach the ministry, as the portal shows it. */
export const contact = z
  .strictObject({
    /** As a person dials it. */
    phone: z
      .string()
      .regex(/^\+?\d{3,15}$/)
      .default('937'),
    email: z.email().default('help@health.example.gov.sa'),
    /** Address of the account on X. */
    x: z.url({ protocol: /^https$/ }).default('https://x.example.gov.sa/health'),
  })
  .prefault({});
