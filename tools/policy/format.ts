const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const money = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

export const count = (value: number): string =>
  Number.isFinite(value) ? grouped.format(value) : 'unlimited';

export const amount = (value: number): string =>
  Number.isFinite(value) ? money.format(value) : 'unlimited';

/**
 * Formats a probability as `9.90e-5 (1 in 10,099)`. The second number is rounded down, so that a
 * chance never looks smaller than it is.
 */
export function chance(value: number): string {
  if (value === 0) return '0';
  if (value >= 0.1) return `${(value * 100).toPrecision(3)} %`;
  return `${value.toExponential(2)} (1 in ${grouped.format(Math.floor(1 / value + 1e-9))})`;
}

/** Formats a mean to three digits. */
export const expected = (value: number): string =>
  value >= 1000 ? grouped.format(value) : String(Number(value.toPrecision(3)));

/** Formats a table. The first column is aligned left, the others right. */
export function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const lines = [head, ...rows];
  const widths = head.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? '').length)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `  ${line}`)
    .join('\n');
}
