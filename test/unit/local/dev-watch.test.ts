import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watchFiles } from '../../../local/dev/watch-files.ts';

let root: string;
let seen: string[];
let stop: () => void;

const write = (path: string, text = '') => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

/** Waits for a path. Each call forgets what was seen before the next change. */
async function expectSeen(...paths: string[]) {
  await vi.waitFor(() => expect(seen).toEqual(expect.arrayContaining(paths)), 5000);
  seen = [];
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hawiya-watch-'));
  seen = [];
  write('code/a/one.ts');
  write('code/b/two.ts');
  write('cdk.json');
  write('docs/page.md');
  stop = watchFiles({
    root,
    folders: ['code'],
    files: ['cdk.json', 'docs/openapi.json'],
    onChange: async (paths) => void seen.push(...paths),
  });
});

afterEach(() => {
  stop();
  rmSync(root, { recursive: true });
});

it('the watcher sees every change of a file that is replaced', async () => {
  for (const text of ['1', '2', '3']) {
    write('code/a/.new', text);
    renameSync(join(root, 'code/a/.new'), join(root, 'code/a/one.ts'));
    await expectSeen('code/a/one.ts');
  }
  write('code/b/two.ts', 'written in place');
  await expectSeen('code/b/two.ts');
});

it('the watcher sees files of a folder that is new, and of one that was deleted and is back', async () => {
  write('code/new/deep/three.ts');
  await expectSeen('code/new');
  rmSync(join(root, 'code/b'), { recursive: true });
  await expectSeen('code/b');
  write('code/b/two.ts');
  await expectSeen('code/b');
  write('code/b/two.ts', 'changed');
  write('code/new/deep/three.ts', 'changed');
  await expectSeen('code/b/two.ts', 'code/new/deep/three.ts');
});

it('the watcher sees the single files it is given, and no others beside them', async () => {
  write('docs/page.md', 'changed');
  write('cdk.json', '{}');
  write('docs/openapi.json', '{}');
  await vi.waitFor(() => expect(seen.sort()).toEqual(['cdk.json', 'docs/openapi.json']), 5000);
});
