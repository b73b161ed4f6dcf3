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

const STORAGE_KEY = 'hawiya.language';

/** The page's language. A component that reads it, or calls `t`, renders again when it changes. */
export const language = signal<Language>(document.documentElement.lang === 'en' ? 'en' : 'ar');

i18next.init({
  lng: language.value,
  // No fallback: a test fails on a missing text, and a page never mixes two languages.
  fallbackLng: false,
  defaultNS: 'common',
  resources: { ar: { common: ar }, en: { common: en } },
  interpolation: { escapeValue: false },
  initAsync: false,
});

/** Adds the texts of a part of the portal. They arrive in the script of that part. */
export function addTexts<Part extends keyof Resources>(
  part: Part,
  texts: { readonly ar: Resources[Part]; readonly en: Translated<Resources[Part]> },
): void {
  i18next.addResourceBundle('ar', part, texts.ar);
  i18next.addResourceBundle('en', part, texts.en);
}

type Translate = TFunction<['common', Exclude<keyof Resources, 'common'>]>;

/** The text of a key such as `account:back`, in the page's language. */
export const t = ((...given: unknown[]) => {
  // This read subscribes the calling component to the language.
  void language.value;
  return Reflect.apply(i18next.t, i18next, given);
}) as unknown as Translate;

/** Switches the language, and remembers it on this device. Nothing is loaded, and the page keeps its state. */
export function switchLanguage(chosen: Language): void {
  i18next.changeLanguage(chosen);
  language.value = chosen;
  document.documentElement.lang = chosen;
  document.documentElement.dir = chosen === 'ar' ? 'rtl' : 'ltr';
  try {
    localStorage.setItem(STORAGE_KEY, chosen);
  } catch {
    // Storage is switched off: the choice lasts until the page is closed.
  }
}

/** Isolates text that runs from left to right in a sentence: a version, an address, a name in Latin letters. */
export const leftToRight = (text: string): string => `\u2066${text}\u2069`;
