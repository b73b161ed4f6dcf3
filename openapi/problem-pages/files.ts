import { readdirSync, readFileSync } from 'node:fs';
import { Marked } from 'marked';

/** A file below `/problems/`, where the `type` of every problem leads. */
export interface ProblemPage {
  readonly name: string;
  readonly contentType: string;
  readonly text: string;
}

const docs = new URL('../../docs/problems/', import.meta.url);

/** `docs/problems/`, one page a code, for any web server: `<code>.html`, `index.html` and their styles. */
export function problemPages(): ProblemPage[] {
  const names = readdirSync(docs).filter((name) => name.endsWith('.md'));
  const styles = readFileSync(new URL('problems.css', import.meta.url), 'utf8');
  return [
    ...names.map((name) => pageOf(name, readFileSync(new URL(name, docs), 'utf8'))),
    { name: 'problems.css', contentType: 'text/css; charset=utf-8', text: styles },
  ];
}

function pageOf(name: string, markdown: string): ProblemPage {
  const [, title = ''] = /^# (.+)$/m.exec(markdown) ?? [];
  const text = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title.replaceAll('`', '')}</title>
<link rel="stylesheet" href="/problems/problems.css">
<body>
${bothWays(html.parse(markdown, { async: false }))}</body>
</html>
`;
  return { name: pageName(name), contentType: 'text/html; charset=utf-8', text };
}

/** Cells and headings are in either language. */
const bothWays = (text: string): string => text.replace(/<(td|th|h1)>/g, '<$1 dir="auto">');

const pageName = (name: string): string =>
  name === 'README.md' ? 'index.html' : name.replace(/\.md$/, '.html');

/** Links to other problems are kept. Other links of the repository lead nowhere on this host and become plain text. */
const html = new Marked({
  renderer: {
    link({ href, tokens }) {
      const inner = this.parser.parseInline(tokens);
      const [, code] = /^([\w-]+)\.md$/.exec(href) ?? [];
      if (code === undefined) return inner;
      return `<a href="/problems/${code === 'README' ? '' : code}">${inner}</a>`;
    },
  },
});
