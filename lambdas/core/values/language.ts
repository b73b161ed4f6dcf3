/** Languages of everything a person reads; Arabic is the default. */
export const languages = ['ar', 'en'] as const;
export type Language = (typeof languages)[number];

/** One text in every language. */
export type Text = Readonly<Record<Language, string>>;

/**
 * The language to answer in, from `Accept-Language` (RFC 9110 §12.5.4): the offered one with the highest
 * weight, Arabic where none is named.
 */
export function chooseLanguage(accept: string | undefined): Language {
  // No browser sends more; what does is not worth the time it takes to split.
  const weighed = (accept ?? '')
    .slice(0, 200)
    .split(',')
    .flatMap((part) => {
      const [range = '', ...parameters] = part
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/);
      const language = languages.find((known) => range === known || range.startsWith(`${known}-`));
      const q = parameters.map((p) => /^q=([\d.]+)$/.exec(p)?.[1]).find(Boolean);
      const weight = q === undefined ? 1 : Number(q);
      return language && weight > 0 ? [{ language, weight }] : [];
    });
  const best = weighed.sort((a, b) => b.weight - a.weight)[0];
  return best?.language ?? 'ar';
}
