import type { Page } from 'playwright-core';
import { paths } from '../../../portal/paths.ts';
import type { Person } from '../world/world.ts';

/**
 * What of a person is in addresses. They are in histories, in logs, and on the screens of people who look over a shoulder.
 * An address of a page is one of the portal's, and no more: no query, no fragment. An address of the API has the ids of
 * challenges and sessions in it, random and of no use without the code or the cookie, and no query. What a person is or
 * types is in neither.
 * @param addresses as `watch` collects them
 * @param url the portal's own
 */
export function personalIn(
  addresses: Iterable<string>,
  url: string,
  person: Partial<Person> = {},
): string[] {
  const pages = new Set<string>([...Object.values(paths), '/nowhere', '/config.json']);
  const secrets = Object.values(person).flatMap(spellings);
  return [...addresses].filter((address) => {
    if (/^(about:blank|data:image\/)/.test(address)) return false;
    const path = address.slice(url.length);
    const known =
      pages.has(path) ||
      /^\/(boot\.js|mark\.svg|assets\/[\w.-]+)$/.test(path) ||
      /^\/v1(\/[a-z-]+|\/[\w-]{20,})+$/.test(path);
    const told = decodeURIComponent(path).toLowerCase();
    return !address.startsWith(url) || !known || secrets.some((secret) => told.includes(secret));
  });
}

/** A phone is one by its last nine digits, however it is written. */
const spellings = (text: string): string[] => [text.replace('+966', '').toLowerCase()];

/** What a page has left on the device, by name: storage of any kind, and cookies that a script can read. */
export const keptBy = (page: Page): Promise<string[]> =>
  page.evaluate(`(async () => [
    ...Object.keys(localStorage).map((key) => 'localStorage ' + key),
    ...Object.keys(sessionStorage).map((key) => 'sessionStorage ' + key),
    ...(await indexedDB.databases()).map(({ name }) => 'indexedDB ' + name),
    ...(await caches.keys()).map((key) => 'cache ' + key),
    ...(document.cookie === '' ? [] : ['cookie ' + document.cookie]),
  ])()`);
