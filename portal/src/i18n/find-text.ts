/** The texts of one part in one language. A nested key is joined by dots: `theme.label`. */
export interface Texts {
  readonly [key: string]: string | Texts;
}

/**
 * Finds a text and fills its holes.
 * @param parts the texts of each part, in the language
 * @param name `part:key`, or a key of the part `common`
 * @param holes what stands in `{{name}}`; `count` also chooses the plural form, by the suffix `_few` of the key
 * @returns the name itself where there is no such text: a page must not mix languages
 */
export function findText(
  language: string,
  parts: Readonly<Record<string, Texts>>,
  name: string,
  holes: Readonly<Record<string, string | number>> = {},
): string {
  const [key = '', part = 'common'] = name.split(':').reverse();
  const plural = 'count' in holes ? formOf(language, Number(holes['count'])) : '';
  const find = (path: string) =>
    path
      .split('.')
      .reduce<string | Texts | undefined>(
        (texts, step) => (typeof texts === 'object' ? texts[step] : undefined),
        parts[part],
      );
  const text = find(key + plural) ?? find(key);
  if (typeof text !== 'string') return name;
  return text.replace(/\{\{(\w+)\}\}/g, (hole, which) => String(holes[which] ?? hole));
}

/** The ending of a plural form. Arabic has six, English two. */
const formOf = (language: string, count: number): string =>
  `_${new Intl.PluralRules(language).select(count)}`;
