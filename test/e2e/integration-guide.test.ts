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

const guide = readFileSync(new URL('../../docs/integration.md', import.meta.url), 'utf8');

it('the integration guide’s curl lines do what the guide says, from top to bottom', async () => {
  const blocks = [...guide.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block);
  expect(blocks).toHaveLength(11);
  // One second is enough for one person's SMS. A busy CI machine may need three.
  const script = blocks
    .join('\n')
    .replace('http://localhost:3000', world.serving.url)
    .replace('sleep 1', 'sleep 3');

  const bash = ['--norc', '-euo', 'pipefail', '-c', script];
  const { stdout, stderr } = await promisify(execFile)('bash', bash);

  expect(stderr).toBe('');
  const inOrder = [
    '"version":"2026-11"',
    // The account is opened, then read with an access token of a remembered device.
    '"username":"noura.q"',
    '"username":"noura.q"',
    '"sent":true',
    // Logged in with the reset's ticket.
    'Bearer',
    'the same token',
    '"code":"unauthenticated"',
    'set-cookie: __Host-hawiya-session=; Max-Age=0;',
    'the same challenge',
    // The ticket is told once.
    '"purpose":"dispense","display":"prescription 4471"',
    '"active":false',
  ];
  let at = 0;
  for (const text of inOrder) {
    const found = stdout.indexOf(text, at);
    expect(found, `${text} in\n${stdout}`).toBeGreaterThanOrEqual(at);
    at = found + text.length;
  }
});
