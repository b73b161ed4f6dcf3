import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const npx = fileURLToPath(new URL('../../../local/template/bin/npx', import.meta.url));

it('the npx of the synthesis runs the given command with its arguments unchanged, without npm', async () => {
  const call = ['--no-install', process.execPath, '-p', 'process.argv.slice(1)', 'a b', '$HOME'];
  const { stdout } = await promisify(execFile)(npx, call, { env: {} });
  expect(stdout).toBe("[ 'a b', '$HOME' ]\n");
});
