import type { APIGatewayProxyEvent } from 'aws-lambda';
import { Problem } from '#core/model/problems.ts';
import { header } from './call.ts';

/**
 * Refuses what a page of another site makes its visitor's browser send, with cookies or without: it would start
 * registrations and try passwords from the addresses of whoever looks at the page. What reads is let through, for it
 * changes nothing; so is who says neither header, for that is no browser but an app or a server.
 * @param portalHost host of the portal, without scheme
 * @throws Problem cross_site_request
 */
export function refuseOtherSites(event: APIGatewayProxyEvent, portalHost: string): void {
  if (event.httpMethod === 'GET' || !isFromAnotherSite(event, portalHost)) return;
  throw new Problem('cross_site_request');
}

/** The browser's own word, where it gives one: of calls that are no reading, `none` is no page's of ours either. */
function isFromAnotherSite(event: APIGatewayProxyEvent, portalHost: string): boolean {
  const site = header(event, 'sec-fetch-site');
  if (site !== undefined) return site !== 'same-origin';
  const origin = header(event, 'origin');
  return origin !== undefined && !isPortalOrigin(origin, portalHost);
}

/**
 * Refuses what a page of another site could make a browser send along with the person's cookies (CSRF). Three layers
 * on top of SameSite=Strict, each of which would do (OWASP Cross-Site Request Forgery Prevention): JSON and a header
 * of our own, which no other site may send without a preflight that nothing here answers; and the site as the browser
 * itself names it.
 * @param portalHost host of the portal, without scheme
 * @throws Problem cross_site_request
 */
export function requireSameSite(event: APIGatewayProxyEvent, portalHost: string): void {
  const ours = isJson(event) && isPortalClient(event) && isFromPortal(event, portalHost);
  if (!ours) throw new Problem('cross_site_request');
}

/** A form can send `text/plain` that reads as JSON. */
const isJson = (event: APIGatewayProxyEvent) =>
  /^application\/json[\t ]*(;|$)/i.test(header(event, 'content-type') ?? '');

const isPortalClient = (event: APIGatewayProxyEvent) =>
  header(event, 'x-hawiya-client') === 'browser';

/** `Origin: null`, of sandboxed frames, is an origin and not the portal's. */
function isFromPortal(event: APIGatewayProxyEvent, portalHost: string): boolean {
  const origin = header(event, 'origin');
  if (origin === undefined) return header(event, 'sec-fetch-site') === 'same-origin';
  return isPortalOrigin(origin, portalHost);
}

/** On one machine the portal's pages may have any port; everywhere else it is HTTPS on its own. */
function isPortalOrigin(origin: string, portalHost: string): boolean {
  if (portalHost === 'localhost') return /^http:\/\/localhost(:\d{1,5})?$/.test(origin);
  return origin === `https://${portalHost}`;
}
