import type { StageConfig } from '../config/stage-config.ts';

/** The part of a stage's configuration that a page may know. It is public. */
export type PublicConfig = Pick<StageConfig, 'contact' | 'nationalIdLogin' | 'registrationNumber'>;

/**
 * `/config.json` beside the portal's page.
 */
export const portalConfig = ({
  contact,
  nationalIdLogin,
  registrationNumber,
}: PublicConfig): string => JSON.stringify({ contact, nationalIdLogin, registrationNumber });

/**
 * Headers of everything the portal's host serves except the API, in the cloud and locally.
 * @param framedBy who may show it in a frame: no page in the cloud; locally the page that shows a phone beside the
 * portal
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
  // A link out of the portal does not reveal the page it is on.
  'referrer-policy': 'same-origin',
  'strict-transport-security': 'max-age=63072000; includeSubDomains; preload',
  'x-content-type-options': 'nosniff',
});

/**
 * How long browsers keep a file: for ever if the name contains a hash of the content, otherwise with a check at each
 * use.
 */
export const portalCaching = (path: string): string =>
  path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
