import type { APIGatewayProxyEvent } from 'aws-lambda';
import { namedBy } from '#core/session/device-secret.ts';
import { deviceCookie, readCookie, setCookie } from './session-cookie.ts';
import type { KeptSecret } from './views.ts';

/*
 * The cookie of a browser that several people use and that each of them asked to remember: their secrets, newest first
 * (docs/decisions/0055). Its name is the same whoever they are.
 */

/** People of one browser. The cookie's value stays below 420 characters. */
const maxPeople = 5;

/** Not in the alphabet of a secret. */
const separator = '.';

/** The secrets in the device cookie. Whether they are genuine is not known yet. */
export function readDevices(event: APIGatewayProxyEvent): string[] {
  const value = readCookie(event, deviceCookie);
  return value === undefined ? [] : value.split(separator).slice(0, maxPeople);
}

/**
 * The cookie after a person's device was remembered. The secrets of other people stay, the person's earlier one goes, and
 * of more than five people the one that was remembered first. It lives as long as the last of them.
 * @param before the secrets that the browser sent
 * @param now epoch seconds
 */
export function addDevice(before: readonly string[], device: KeptSecret, now: number): string {
  const owner = namedBy(device.secret)?.userId;
  const others = before
    .map((secret) => ({ secret, named: namedBy(secret) }))
    .flatMap(({ secret, named }) =>
      named && named.userId !== owner && named.expiresAt > now
        ? [{ secret, expiresAt: named.expiresAt }]
        : [],
    )
    .slice(0, maxPeople - 1);
  const all = [device, ...others];
  const value = all.map(({ secret }) => secret).join(separator);
  const latest = Math.max(...all.map(({ expiresAt }) => expiresAt));
  return setCookie(deviceCookie, value, latest - now);
}
