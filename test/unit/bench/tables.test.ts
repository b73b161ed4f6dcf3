import { describe, expect, it } from 'vitest';
import { replaced } from '../../bench/documents/markers.ts';
import { summaryOf } from '../../bench/documents/summary.ts';
import { markdownOf, medianIn, rowOf, type Table } from '../../bench/report/table.ts';

const table: Table = {
  title: 'Cold start',
  columns: [{ name: 'function' }, { name: 'ms', digits: 1 }, { name: 'ratio', digits: 2 }],
  rows: [
    ['verification', { median: 78.04, q1: 72, q3: 1092.25 }, 0.625],
    ['empty', 1, null],
  ],
  notes: ['Medians.'],
};

describe('a table', () => {
  it('shows medians with quartiles, aligned, and its notes', () => {
    expect(markdownOf(table)).toBe(
      [
        '| function     |                  ms | ratio |',
        '| ------------ | ------------------: | ----: |',
        '| verification | 78.0 (72.0–1,092.3) |  0.63 |',
        '| empty        |                 1.0 |     – |',
        '',
        'Medians.',
      ].join('\n'),
    );
  });

  it('has a value where a cell is a number or a spread', () => {
    const row = rowOf(table, 'verification');
    expect(row?.map(medianIn)).toEqual([undefined, 78.04, 0.625]);
    expect(rowOf(table, 'nothing')).toBeUndefined();
  });
});

describe('a document', () => {
  const page = 'before\n<!-- bench: cold -->\nold\n<!-- bench end -->\nafter';

  it('gets a new table in place of the old one, again and again', () => {
    const once = replaced(page, 'cold', 'new');
    expect(once).toBe('before\n<!-- bench: cold -->\n\nnew\n\n<!-- bench end -->\nafter');
    expect(replaced(once, 'cold', 'new')).toBe(once);
  });

  it('without a place for the table is an error', () => {
    expect(() => replaced(page, 'warm', 'new')).toThrow('no place for warm');
  });
});

it('the summary has no line for a section that was not measured', () => {
  expect(summaryOf({})).toBe('| what | measured |\n| --- | --- |');
});
