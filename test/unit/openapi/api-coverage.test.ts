import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { contractRecorder } from '../../support/world/api-contract.ts';
import { coverageRows, coverageTable, readCoverage } from '../../support/world/api-coverage.ts';

const verify = 'POST /challenges/{id}/verify';
const rowOf = (rows: ReturnType<typeof coverageRows>, name: string) =>
  rows.find(({ operation }) => operation === name);

it('the row of an operation has every seen status and code, and the documented ones that are missing', () => {
  const rows = coverageRows([
    { operation: verify, status: 200, count: 2 },
    { operation: verify, status: 410, code: 'challenge_expired', count: 1 },
    { operation: verify, status: 410, code: 'challenge_expired', count: 3 },
    { status: 404, code: 'not_found', count: 5 },
  ]);
  expect(rowOf(rows, verify)).toMatchObject({
    counts: { 200: 2, challenge_expired: 4 },
    missing: expect.arrayContaining(['code_incorrect', 'challenge_locked', 'unavailable']),
  });
  expect(rowOf(rows, verify)?.missing).not.toContain('200');
  expect(rowOf(rows, verify)?.missing).not.toContain('challenge_expired');
  expect(rowOf(rows, 'GET /terms')).toMatchObject({ counts: {}, missing: expect.any(Array) });
  expect(rowOf(rows, 'GET /terms')?.missing).toContain('200');
  expect(rowOf(rows, 'no operation')).toMatchObject({ counts: { not_found: 5 }, missing: [] });
  expect(coverageTable(rows)).toMatch(/POST \/challenges\/\{id\}\/verify +200 2×, .*never: /);
});

it('the results of several worlds are added up, and no id of a path is written', () => {
  const directory = mkdtempSync(join(tmpdir(), 'hawiya-reached-'));
  try {
    const file = join(directory, 'reached.jsonl');
    for (let n = 0; n < 2; n++) {
      const recorder = contractRecorder(file);
      const headers = new Headers({ 'content-type': 'application/problem+json' });
      const body = {
        type: 'https://localhost/problems/challenge_expired',
        title: 'x',
        status: 410,
        code: 'challenge_expired',
        instance: 'urn:hawiya:request:1',
      };
      recorder.check('POST', '/challenges/an-id/verify', { status: 410, headers, body });
      recorder.close();
    }
    const lines = readCoverage(file);
    expect(rowOf(coverageRows(lines), verify)?.counts).toEqual({ challenge_expired: 2 });
    expect(JSON.stringify(lines)).not.toContain('an-id');
  } finally {
    rmSync(directory, { recursive: true });
  }
});
