import { operations } from './operations.ts';
import type { Case } from './request.ts';
import type { WireAnswer } from './wire.ts';

/** Counts the answers of a run, by operation. */
export function createTally() {
  /** Counts by answer: `400 invalid_request`. */
  const byOperation = new Map<string, Map<string, number>>();
  const times: number[] = [];

  const count = ({ operation }: Case, { status, text, milliseconds }: WireAnswer): void => {
    const answers = byOperation.get(operation?.name ?? '') ?? new Map<string, number>();
    byOperation.set(operation?.name ?? '', answers);
    const [, code = ''] = (status >= 400 && /"code":"(\w+)"/.exec(text)) || [];
    const key = `${status} ${code}`.trim();
    answers.set(key, (answers.get(key) ?? 0) + 1);
    times.push(milliseconds);
  };

  const total = (name: string, fits: (status: number) => boolean) =>
    [...(byOperation.get(name) ?? [])].reduce(
      (sum, [answer, n]) => sum + (fits(Number.parseInt(answer, 10)) ? n : 0),
      0,
    );

  return {
    count,
    /** Operations without a matching answer. */
    without: (fits: (status: number) => boolean) =>
      operations.filter(({ name }) => total(name, fits) === 0).map(({ name }) => name),
    /** The share of matching answers among all. From 0 to 1. */
    share: (fits: (status: number) => boolean) =>
      [...byOperation.keys()].reduce((sum, name) => sum + total(name, fits), 0) / times.length,
    /** One line per operation, and the duration of the answers. */
    table(): string {
      const lines = [...byOperation].sort().map(([name, answers]) => {
        const counts = [...answers].sort().map(([answer, n]) => `${answer} ${n}`);
        return `  ${name.padEnd(42)} ${counts.join(', ')}`;
      });
      const sorted = times.toSorted((a, b) => a - b);
      const [median, most] = [0.5, 0.99].map((part) => sorted[Math.floor(part * sorted.length)]);
      const longest = Math.round(sorted.at(-1) ?? 0);
      return `${lines.join('\n')}\n  median ${median?.toFixed(0)} ms, 99 % ${most?.toFixed(0)} ms, longest ${longest} ms`;
    },
  };
}
