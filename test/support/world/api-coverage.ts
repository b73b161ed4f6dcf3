import { readFileSync } from 'node:fs';
import { operations, type Reached } from './api-contract.ts';
import { at, resolved } from './openapi.ts';

/** The answers that an operation gave, or those of unknown paths. */
export interface Row {
  readonly operation: string;
  /** By status, or by the code of a problem. */
  readonly counts: Readonly<Record<string, number>>;
  /** Documented answers that no test got. */
  readonly missing: readonly string[];
}

/** @returns one row per operation, by path, and one for unknown paths */
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

/** The documented answers of an operation: a status, or each code of a problem's status. */
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

/** @returns the rows as a table, one line each */
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

/** The lines that the worlds of a run wrote; each world repeats its answers. */
export function readCoverage(file: string): Reached[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Reached);
}
