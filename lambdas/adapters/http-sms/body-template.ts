import type { HttpProvider } from '#core/model/sms-provider.ts';

/** A placeholder of a body template: a name, or `secret:` and the name of a key. */
const placeholder = /\{\{([\w:-]+)\}\}/g;
const secretPrefix = 'secret:';

/** Escapes a value for its place: between the quotes of a JSON string, or as a form value. */
const escapes: Record<HttpProvider['contentType'], (value: string) => string> = {
  json: (value) => JSON.stringify(value).slice(1, -1),
  form: encodeURIComponent,
};

/** Names of the keys in the providers' secret that a template uses. */
export const keysIn = (template: string): string[] =>
  [...template.matchAll(placeholder)]
    .map(([, name = '']) => name)
    .filter((name) => name.startsWith(secretPrefix))
    .map((name) => name.slice(secretPrefix.length));

/**
 * Fills in a template once: a placeholder inside a value is never replaced.
 * @param values by placeholder; keys of the secret as `secret:<key>`
 * @throws Error that names a placeholder without a value
 */
export function fillTemplate(
  { body, contentType }: Pick<HttpProvider, 'body' | 'contentType'>,
  values: Readonly<Record<string, string>>,
): string {
  return body.replace(placeholder, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new Error(`The placeholder {{${name}}} has no value`);
    return escapes[contentType](value);
  });
}
