import { signal } from '@preact/signals';
import i18next, { type TFunction } from 'i18next';
import ar from './ar/common.ts';
import en from './en/common.ts';
import type { Resources, Translated } from './resources.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: Resources;
    returnNull: false;
  }
}

export type Language = 'ar' | 'en';

const kept = 'hawiya.language';

/** What the page is in. What reads it, or calls `t`, is drawn again when it changes. */
export const language = signal<Language>(document.documentElement.lang === 'en' ? 'en' : 'ar');

i18next.init({
  lng: language.value,
  // A missing text is a failed test, never the other language in the middle of a page.
  fallbackLng: false,
  defaultNS: 'common',
  resources: { ar: { common: ar }, en: { common: en } },
  interpolation: { escapeValue: false },
  initAsync: false,
});

/** Adds the texts of a part of the portal; they come with the part's own script. */
export function addTexts<Part extends keyof Resources>(
  part: Part,
  texts: { readonly ar: Resources[Part]; readonly en: Translated<Resources[Part]> },
): void {
  i18next.addResourceBundle('ar', part, texts.ar);
  i18next.addResourceBundle('en', part, texts.en);
}

type Translate = TFunction<['common', Exclude<keyof Resources, 'common'>]>;

/** The text of a key, `part:key`, in the page's language. */
export const t = ((...given: unknown[]) => {
  // Reading it is what has the caller drawn again.
  void language.value;
  return Reflect.apply(i18next.t, i18next, given);
}) as unknown as Translate;

/** Turns the page into a language, and remembers it on this device. Nothing is loaded, and nobody loses their place. */
export function switchLanguage(chosen: Language): void {
  i18next.changeLanguage(chosen);
  language.value = chosen;
  document.documentElement.lang = chosen;
  document.documentElement.dir = chosen === 'ar' ? 'rtl' : 'ltr';
  try {
    localStorage.setItem(kept, chosen);
  } catch {
    // Storage may be switched off: it holds for this visit.
  }
}

/** What is read from the left inside a sentence of either language: a version, an address, a name in Latin letters. */
export const leftToRight = (text: string): string => `\u2066${text}\u2069`;

/** Western digits in both, as in the SMS and on the ID card; the Gregorian calendar. */
const locale = () => (language.value === 'ar' ? 'ar-SA-u-ca-gregory-nu-latn' : 'en-GB');

/** A day, as the page's language writes it. @param instant ISO 8601 */
export const day = (instant: string): string =>
  new Intl.DateTimeFormat(locale(), { dateStyle: 'long' }).format(new Date(instant));

/** A day and its time. @param instant ISO 8601 */
export const moment = (instant: string): string =>
  new Intl.DateTimeFormat(locale(), { dateStyle: 'long', timeStyle: 'short' })
    .format(new Date(instant))
    // Half of a day never stands on a line of its own.
    .replace(/\s(?=\S+$)/, '\u00a0');
