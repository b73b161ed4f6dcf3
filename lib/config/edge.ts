import * as z from 'zod';

/** CloudFront before the portal and its API; a stage without it has something else serve the portal's host, or nothing. */
export const edge = z
  .strictObject({
    /** Certificate of the portal's host. Without it the portal is at CloudFront's own name, where nobody can log in. */
    certificateArn: z
      .string()
      .regex(/^arn:aws:acm:us-east-1:\d{12}:certificate\/[\w-]+$/, {
        error: 'must be of a certificate of ACM in us-east-1: CloudFront takes no other',
      })
      .optional(),
    /** Whose edge locations answer; 200 has those of the Middle East. */
    priceClass: z.enum(['100', '200', 'all']).default('200'),
    /** Name of the value in the edge's secret that CloudFront sends; `docs/operations.md` says how to change it. */
    secretVersion: z
      .string()
      .regex(/^[1-9]\d{0,3}$/)
      .default('1'),
  })
  .optional();
