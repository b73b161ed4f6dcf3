import type { StageConfig } from '../config/stage-config.ts';

/** `/config.json` beside the portal's page: what of a stage a page may know. It is public. */
export const portalConfig = ({ contact }: Pick<StageConfig, 'contact'>): string =>
  JSON.stringify({ contact });

/**
 * Headers of everything the portal's host serves but the API, in the cloud and on one machine.
 * @param framedBy who may show it in a frame: nobody, but for the page on one machine that has a phone beside it
 */
export const portalHeaders = (framedBy: "'none'" | "'self'" = "'none'") => ({
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${framedBy}`,
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), otp-credentials=(self)',
  // Where a page leads out of the portal, nobody is told from where.
  'referrer-policy': 'same-origin',
  'strict-transport-security': 'max-age=63072000; includeSubDomains; preload',
  'x-content-type-options': 'nosniff',
});

/** How long browsers keep a file: what has its contents in its name for ever, all else asks each time. */
export const portalCaching = (path: string): string =>
  path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
