import * as z from 'zod';

/**
 * An origin as a browser writes it: scheme and host in lower case, a port only where it is not the scheme's own, no slash at
 * the end. `null` has no scheme.
 */
const written = /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9]\d{0,4})?$/;

const appOrigin = z
  .string()
  .regex(written, { error: 'must be an origin such as capacitor://localhost, without a slash' })
  .refine((origin) => !/^(http|ws):/.test(origin), { error: 'must not be of a plain scheme' })
  .refine((origin) => !origin.startsWith('https:') || new URL(origin).origin === origin, {
    error: 'must be written as a browser writes it: without the port 443',
  });

/**
 * Origins of the pages in WebViews of our own apps, which may call the API from there, with tokens in bodies only
 * (docs/decisions/0044): `capacitor://localhost` on iOS, `https://localhost` on Android.
 */
export const appOrigins = z
  .array(appOrigin)
  .max(10)
  .refine((list) => new Set(list).size === list.length, { error: 'an origin is listed twice' })
  .default([]);
