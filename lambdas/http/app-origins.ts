import type { APIGatewayProxyEvent } from 'aws-lambda';
import { header } from './call.ts';

/*
 * CORS (Fetch standard) for the pages in WebViews of our own apps. There are no credentials in it: such a page has its
 * tokens in bodies, and no cookie (docs/decisions/0044).
 */

/** The origin of the call, if the stage lists exactly this one. A page cannot choose it: its browser writes it. */
export function appOriginOf(
  event: APIGatewayProxyEvent,
  appOrigins: readonly string[],
): string | undefined {
  const origin = header(event, 'origin');
  return origin !== undefined && appOrigins.includes(origin) ? origin : undefined;
}

/** Lets the page of an app read an answer. */
export const readableBy = (origin: string): Readonly<Record<string, string>> => ({
  'Access-Control-Allow-Origin': origin,
  'Access-Control-Expose-Headers': 'Retry-After',
});
