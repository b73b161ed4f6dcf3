import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

it('a stage that does not exist ends the synthesis with the names of the others, before anything is built', async () => {
  const synthesis = promisify(execFile)(process.execPath, ['bin/hawiya.ts'], {
    cwd: root,
    // The CDK command passes `-c stage=…` like this.
    env: { ...process.env, CDK_CONTEXT_JSON: JSON.stringify({ stage: 'typo' }) },
  });
  const failure = await synthesis.then(
    () => undefined,
    (error: { stdout: string; stderr: string }) => error,
  );
  expect(failure?.stderr).toContain('There is no stage "typo". Stages: dev, local, prod.');
  expect(failure?.stdout).toBe('');
  expect(existsSync(`${root}.hawiya/bundles/typo`)).toBe(false);
});
