import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { source, target } from '../../../../tools/scripts/blocklist.ts';

it('the blocklist is what tools/scripts/blocklist.ts writes from the installed dictionary', () => {
  // Not toBe: its message would print both files.
  expect(readFileSync(target, 'utf8') === source, 'run `node tools/scripts/blocklist.ts`').toBe(
    true,
  );
});
