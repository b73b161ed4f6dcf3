import { inject, it } from 'vitest';
import { problemKinds } from '#core/model/problems.ts';
import { operations } from '../support/world/api-contract.ts';
import { coverageRows, coverageTable, readCoverage } from '../support/world/api-coverage.ts';

const run = inject('testRun');

it('tests reached every operation and every problem code', ({ expect, skip }) => {
  if (!run?.whole) skip('Only some of the tests ran: what they have reached says nothing.');
  const rows = coverageRows(readCoverage(run?.reached ?? ''));
  console.info(`What was answered, and how often:\n${coverageTable(rows)}`);

  const answered = rows.filter(({ counts }) => Object.keys(counts).length > 0);
  const names = new Set(answered.map(({ operation }) => operation));
  expect(operations.map(({ name }) => name).filter((name) => !names.has(name))).toEqual([]);
  const answers = new Set(rows.flatMap(({ counts }) => Object.keys(counts)));
  expect(Object.keys(problemKinds).filter((code) => !answers.has(code))).toEqual([]);
});
