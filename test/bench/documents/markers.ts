/**
 * Replaces what a document has between `<!-- bench: name -->` and `<!-- bench end -->`.
 * @throws Error if the document has no such place
 */
export function replaced(document: string, name: string, text: string): string {
  const [begin, end] = [`<!-- bench: ${name} -->`, '<!-- bench end -->'];
  const from = document.indexOf(begin);
  const until = document.indexOf(end, from);
  if (from < 0 || until < 0) throw new Error(`The document has no place for ${name}`);
  return `${document.slice(0, from + begin.length)}\n\n${text}\n\n${document.slice(until)}`;
}
