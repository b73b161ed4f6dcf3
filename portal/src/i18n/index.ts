import { signal } from '@preact/signals';
import ar from './ar/common.ts';
import en from './en/common.ts';
import { findText, type Texts } from './find-text.ts';
import type { Resources, TextKey, Translated } from './resources.ts';

export type Language = 'ar' | 'en';

const STORAGE_KEY = 'hawiya.language';

/** The page's language. A component that reads it, or calls `t`, renders again when it changes. */
export const language = signal<Language>(document.documentElement.lang === 'en' ? 'en' : 'ar');

const parts: Record<Language, Record<string, Texts>> = {
  ar: { common: ar },
  en: { common: en },
};

/** Adds the texts of a part of the portal. They arrive in the script of that part. */
export function addTexts<Part extends keyof Resources>(
  part: Part,
  texts: { readonly ar: Resources[Part]; readonly en: Translated<Resources[Part]> },
): void {
  parts.ar[part] = texts.ar;
  parts.en[part] = texts.en as Texts;
}

/**
 * The text of a key such as `account:back`, in the page's language. A component that calls it renders again when the
 * language changes.
 * @param holes what stands in `{{name}}`; `count` also chooses the plural form
 */
export const t = (key: TextKey, holes?: Readonly<Record<string, string | number>>): string =>
  findText(language.value, parts[language.value], key, holes);

/** Switches the language, and remembers it on this device. Nothing is loaded, and the page keeps its state. */
export function switchLanguage(chosen: Language): void {
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
