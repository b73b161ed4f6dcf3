import type { APIGatewayProxyEvent } from 'aws-lambda';
import { Problem } from '#core/model/problems.ts';
import { appOriginOf } from './app-origins.ts';
import { header } from './call.ts';

/**
 * Refuses requests that a page of another site makes its visitor's browser send, with or without cookies. Such a page
 * could start registrations and try passwords from its visitors' addresses.
 * A GET or HEAD passes because it changes nothing. A page in an app's WebView passes where the stage lists its origin. A
 * request without both headers passes too: it comes from an app or a server, not from a browser.
 * @throws Problem cross_site_request
 */
export function refuseOtherSites(
  event: APIGatewayProxyEvent,
  { portalHost, appOrigins }: Sites,
): void {
  if (['GET', 'HEAD'].includes(event.httpMethod)) return;
  if (appOriginOf(event, appOrigins) !== undefined) return;
  if (isFromAnotherSite(event, portalHost)) throw new Problem('cross_site_request');
}

/** Whose pages may call. */
interface Sites {
  /** Host of the portal, without scheme. */
  readonly portalHost: string;
  readonly appOrigins: readonly string[];
}

/**
 * The browser's own header decides if it is present. `none` means a navigation, and no page of ours makes one that is
 * not a GET.
 */
function isFromAnotherSite(event: APIGatewayProxyEvent, portalHost: string): boolean {
  const site = header(event, 'sec-fetch-site');
  if (site !== undefined) return site !== 'same-origin';
  const origin = header(event, 'origin');
  return origin !== undefined && !isPortalOrigin(origin, portalHost);
}

/**
 * Refuses requests that a page of another site could make a browser send along with the person's cookies (CSRF). Three
 * layers stand on top of SameSite=Strict, and each would be enough (OWASP Cross-Site Request Forgery Prevention). They
 * are JSON, a header of our own, and the site that the browser itself names. No other site may send the first two
 * without a preflight. The only preflights that are answered are those of apps, and they do not allow the header.
 * @param portalHost host of the portal, without scheme
 * @throws Problem cross_site_request
 */
export function requireSameSite(event: APIGatewayProxyEvent, portalHost: string): void {
  const ours = isJson(event) && isPortalClient(event) && isFromPortal(event, portalHost);
  if (!ours) throw new Problem('cross_site_request');
}

/** A form can send `text/plain` that parses as JSON. */
const isJson = (event: APIGatewayProxyEvent) =>
  /^application\/json[\t ]*(;|$)/i.test(header(event, 'content-type') ?? '');

const isPortalClient = (event: APIGatewayProxyEvent) =>
  header(event, 'x-hawiya-client') === 'browser';

/** Sandboxed frames send `Origin: null`. That is an origin, and not the portal's. */
function isFromPortal(event: APIGatewayProxyEvent, portalHost: string): boolean {
  const origin = header(event, 'origin');
  if (origin === undefined) return header(event, 'sec-fetch-site') === 'same-origin';
  return isPortalOrigin(origin, portalHost);
}

/** On a developer's machine the portal may have any port. Elsewhere it is HTTPS on its own host. */
function isPortalOrigin(origin: string, portalHost: string): boolean {
  if (portalHost === 'localhost') return /^http:\/\/localhost(:\d{1,5})?$/.test(origin);
  return origin === `https://${portalHost}`;
}
