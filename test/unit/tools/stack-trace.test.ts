import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { local } from '../../../lib/config/stages/local.ts';
import { prod } from '../../../lib/config/stages/prod.ts';
import {
  type MappedBundle,
  mappedBundle,
  readable,
} from '../../../tools/stack-trace/stack-trace.ts';

const handler = 'lambdas/functions/information/handler.ts';
const route = "'GET /health'";

let bundle: MappedBundle;
beforeAll(async () => {
  bundle = await mappedBundle('information', prod);
}, 30_000);

/** `line:column`, both from 1, of a text's only place in a file. */
function positionOf(text: string, file: string): string {
  const [before = '', ...after] = file.split(text);
  expect(after).toHaveLength(1);
  return `${before.split('\n').length}:${before.length - before.lastIndexOf('\n')}`;
}

it('a position in a deployed bundle becomes file and line of the TypeScript code', () => {
  const deployed = positionOf('"GET /health"', bundle.code);
  const source = positionOf(route, readFileSync(handler, 'utf8'));
  const log = (position: string) => `{"at":["at run (${position})","at node:internal/x:1:2"]}\n`;
  expect(readable(log(`file:///var/task/index.mjs:${deployed}`), 'information', bundle)).toBe(
    log(`${handler}:${source}`),
  );
});

it('a position that the bundle does not have stays as it is', () => {
  const line = 'at run (file:///var/task/index.mjs:99999:1)';
  expect(readable(line, 'information', bundle)).toBe(line);
});

it('the bundle of another stage is another one', async () => {
  expect((await mappedBundle('information', local)).code).not.toBe(bundle.code);
});

it('the command asks for the stage', () => {
  const command = ['tools/stack-trace/stack-trace.ts', 'information'];
  const { status, stderr } = spawnSync(process.execPath, command, { input: '', encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stderr).toContain('--stage prod');
});

it('a function that does not exist has no bundle', async () => {
  await expect(mappedBundle('nothing', prod)).rejects.toThrow('No function nothing');
});
