import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { local } from '../../lib/config/stages/local.ts';
import { openWorld, type World } from '../support/world/world.ts';

let world: World;
beforeAll(async () => {
  // What ships, second factor and all.
  world = await openWorld({ config: local });
});
afterAll(() => world.close());

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

it('the README’s curl lines run the three flows', async () => {
  const section = readme.split('## The three flows, with curl')[1]?.split('\n## ')[0] ?? '';
  const blocks = [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block);
  expect(blocks).toHaveLength(4);
  // One second is enough for one person's SMS. A busy CI machine may need three.
  const script = blocks
    .join('\n')
    .replace('http://localhost:3000', world.serving.url)
    .replace('sleep 1', 'sleep 3');

  const { stdout, stderr } = await promisify(execFile)('bash', [
    '--norc',
    '-euo',
    'pipefail',
    '-c',
    script,
  ]);

  expect(stderr).toBe('');
  // The output has the account twice (opened, read), the reset's challenge, and the login with the new password.
  expect(stdout.match(/"username":"sara.q"/g)).toHaveLength(2);
  expect(stdout).toContain('"purpose":"password-reset"');
  expect(stdout).not.toContain('"code"');
  expect(stdout.trim().endsWith('Bearer')).toBe(true);
});
