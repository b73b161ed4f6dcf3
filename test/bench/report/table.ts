import type { Spread } from './statistics.ts';

/** A text, a number, or a median with its quartiles. Null where there is nothing to measure. */
export type Cell = string | number | Spread | null;

interface Column {
  readonly name: string;
  /** Digits behind the point. */
  readonly digits?: number;
}

/** What a section measured: it is printed, kept as JSON and written into the document as it is. */
export interface Table {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** What a reader must know to read the numbers. */
  readonly notes: readonly string[];
}

/** The value of a cell, for comparisons and pictures: the median of a spread. */
export function medianIn(cell: Cell | undefined): number | undefined {
  if (typeof cell === 'number') return cell;
  return typeof cell === 'object' && cell !== null ? cell.median : undefined;
}

/** The row that a table has under a name in its first column. */
export const rowOf = (table: Table, name: string): readonly Cell[] | undefined =>
  table.rows.find(([first]) => first === name);

/** The table in Markdown, with its columns aligned, so that a terminal shows it as well. */
export function markdownOf({ columns, rows, notes }: Table): string {
  const lines = [
    columns.map(({ name }) => name),
    ...rows.map((row) =>
      row.map((cell, index) => (cell === null ? '–' : textOf(cell, columns[index]?.digits ?? 0))),
    ),
  ];
  const widths = columns.map((_, index) =>
    Math.max(3, ...lines.map((line) => [...(line[index] ?? '')].length)),
  );
  const numeric = columns.map((_, index) => rows.some((row) => medianIn(row[index]) !== undefined));
  const padded = (line: readonly string[]) =>
    line.map((text, index) => {
      const fill = ' '.repeat((widths[index] ?? 0) - [...text].length);
      return numeric[index] ? fill + text : text + fill;
    });
  const rule = widths.map((width, index) =>
    numeric[index] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  const [head = [], ...body] = lines;
  const drawn = [padded(head), rule, ...body.map(padded)].map((line) => `| ${line.join(' | ')} |`);
  return [...drawn, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}

function textOf(cell: Exclude<Cell, null>, digits: number): string {
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'number') return numberText(cell, digits);
  const [q1, q3] = [numberText(cell.q1, digits), numberText(cell.q3, digits)];
  return `${numberText(cell.median, digits)} (${q1}–${q3})`;
}

const numberText = (value: number, digits: number): string =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
