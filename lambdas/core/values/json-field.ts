/**
 * The value at a path of names and array indices with dots between them: `messages.0.status`.
 * @param value parsed JSON from outside
 * @returns its text, if it is a string, number or boolean; undefined otherwise, also where the path leads nowhere
 */
export function fieldText(value: unknown, path: string): string | undefined {
  let found = value;
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name))
      return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return ['string', 'number', 'boolean'].includes(typeof found) ? String(found) : undefined;
}

/** @returns undefined for what is no JSON: the parser's own error quotes its input */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
