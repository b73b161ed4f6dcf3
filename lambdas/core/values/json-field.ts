/**
 * Reads the value at a path in parsed JSON.
 * @param value parsed JSON of another party
 * @param path names and array indices separated by dots: `messages.0.status`
 * @returns the text of a string, number or boolean; undefined for every other value and for a path that does not exist
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

/**
 * Parses JSON without throwing: the error of `JSON.parse` quotes its input, which may hold secrets. A byte order mark before
 * it is ignored, as RFC 8259 §8.1 allows: programs on Windows write one.
 * @returns undefined for a text that is not JSON
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
