/** The languages of all texts that people read. Arabic is the default. */
export const languages = ['ar', 'en'] as const;
export type Language = (typeof languages)[number];

/** One text in each language. */
export type Text = Readonly<Record<Language, string>>;

/**
 * Chooses the language of an answer from `Accept-Language` (RFC 9110 §12.5.4). Programs also send the name of a POSIX
 * locale in it, such as `en_US` or `en_US.UTF-8`: only the letters before the first other sign count.
 * @returns the supported language with the highest weight; Arabic if the header names no supported language
 */
export function chooseLanguage(accept: string | undefined): Language {
  // No browser sends more than 200 characters. A longer header would only cost time.
  const weighed = (accept ?? '')
    .slice(0, 200)
    .split(',')
    .flatMap((part) => {
      const [range = '', ...parameters] = part
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/);
      const primary = /^[a-z]+(?![a-z0-9])/.exec(range)?.[0];
      const language = languages.find((known) => primary === known);
      const q = parameters.map((p) => /^q=([\d.]+)$/.exec(p)?.[1]).find(Boolean);
      const weight = q === undefined ? 1 : Number(q);
      return language && weight > 0 ? [{ language, weight }] : [];
    });
  const best = weighed.sort((a, b) => b.weight - a.weight)[0];
  return best?.language ?? 'ar';
}
