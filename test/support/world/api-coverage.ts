import { readFileSync } from 'node:fs';
import { operations, type Reached } from './api-contract.ts';
import { at, resolved } from './openapi.ts';

/** What was answered to one operation, or where there is none. */
export interface Row {
  readonly operation: string;
  /** By status, of a problem its code. */
  readonly counts: Readonly<Record<string, number>>;
  /** Documented, and not among them. */
  readonly missing: readonly string[];
}

/** @returns a row an operation, by path, and one for what is none */
export function coverageRows(lines: readonly Reached[]): Row[] {
  const countsOf = (name: string | undefined) => {
    const counts: Record<string, number> = {};
    for (const { operation, status, code, count } of lines) {
      const answer = typeof code === 'string' ? code : String(status);
      if (operation === name) counts[answer] = (counts[answer] ?? 0) + count;
    }
    return counts;
  };
  const byPath = operations.toSorted((a, b) => (a.pointer < b.pointer ? -1 : 1));
  const documented = byPath.map(({ name, pointer }) => {
    const counts = countsOf(name);
    return { operation: name, counts, missing: answersOf(pointer).filter((it) => !counts[it]) };
  });
  return [...documented, { operation: 'no operation', counts: countsOf(undefined), missing: [] }];
}

/** What an operation documents: a status, or each code of a problem's status. */
function answersOf(pointer: string): string[] {
  return Object.keys(at(`${pointer}/responses`) ?? {}).flatMap((status) => {
    const schema = at(
      `${resolved(`${pointer}/responses/${status}`)}/content/application~1problem+json/schema`,
    );
    const parts = (schema?.['allOf'] ?? []) as unknown as { properties?: Codes }[];
    return parts
      .flatMap(({ properties }) => properties?.code?.enum ?? [])
      .concat(schema ? [] : [status]);
  });
}

interface Codes {
  readonly code?: { readonly enum?: string[] };
}

/** @returns the rows as a table, a line each */
export function coverageTable(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ operation }) => operation.length));
  return rows
    .map(({ operation, counts, missing }) => {
      const answers = Object.entries(counts).map(([answer, count]) => `${answer} ${count}×`);
      const never = missing.length > 0 ? `  — never: ${missing.join(', ')}` : '';
      return `${operation.padEnd(width)}  ${answers.join(', ')}${never}`;
    })
    .join('\n');
}

/** What the worlds of a run have written: the same answer again for every world. */
export function readCoverage(file: string): Reached[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Reached);
}
