import type { Page } from 'playwright-core';
import { paths } from '../../../portal/paths.ts';
import type { Person } from '../world/world.ts';

/**
 * The addresses that contain personal data or are unknown. Addresses are stored in histories and
 * logs, and other people see them on the screen. The address of a page has no query and no
 * fragment. The address of an API call may contain ids of challenges and sessions, which are random
 * and useless without the code or the cookie, and no query. Neither contains data of the person.
 * @param addresses as `watch` collects them
 * @param url the portal's own
 */
export function personalDataIn(
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

/** A phone is recognised by its last nine digits, in every notation. */
const spellings = (text: string): string[] => [text.replace('+966', '').toLowerCase()];

/**
 * The names of the data that a page left on the device: every kind of storage, and cookies that a
 * script can read.
 */
export const storedNames = (page: Page): Promise<string[]> =>
  page.evaluate(`(async () => [
    ...Object.keys(localStorage).map((key) => 'localStorage ' + key),
    ...Object.keys(sessionStorage).map((key) => 'sessionStorage ' + key),
    ...(await indexedDB.databases()).map(({ name }) => 'indexedDB ' + name),
    ...(await caches.keys()).map((key) => 'cache ' + key),
    ...(document.cookie === '' ? [] : ['cookie ' + document.cookie]),
  ])()`);
