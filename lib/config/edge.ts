import * as z from 'zod';

/**
 * CloudFront in front of the portal and its API. In a stage without it, another server serves the portal's host, or
 * nothing does.
 */
export const edge = z
  .strictObject({
    /**
     * Certificate of the portal's host. Without it, the portal is at CloudFront's own name, where log-in does not work.
     */
    certificateArn: z
      .string()
      .regex(/^arn:aws:acm:us-east-1:\d{12}:certificate\/[\w-]+$/, {
        error: 'must be an ACM certificate in us-east-1: CloudFront accepts no other',
      })
      .optional(),
    /** The edge locations that answer. 200 includes those of the Middle East. */
    priceClass: z.enum(['100', '200', 'all']).default('200'),
    /** Name of the value in the edge's secret that CloudFront sends. `docs/operations.md` says how to change it. */
    secretVersion: z
      .string()
      .regex(/^[1-9]\d{0,3}$/)
      .default('1'),
  })
  .optional();
