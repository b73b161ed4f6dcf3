import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClock } from '../../../local/clock.ts';
import type { FunctionDefinition } from '../../../local/functions/function-definition.ts';
import { type Functions, startFunctions } from '../../../local/functions/functions.ts';

const directory = mkdtempSync(join(tmpdir(), 'hawiya-restart-'));
const source = join(directory, 'handler.ts');
const lines: string[] = [];
let functions: Functions;

const definition: FunctionDefinition = {
  name: 'greet',
  arn: 'arn:aws:lambda:me-south-1:000000000000:function:greet',
  roleArn: 'arn:aws:iam::000000000000:role/greet',
  directory: join(directory, 'bundle'),
  handler: 'index.handler',
  timeoutSeconds: 10,
  memoryMb: 128,
  logGroup: '/aws/lambda/greet',
  logsJson: false,
  environment: {},
};

/** Bundles a handler as `npm run dev` does: minified, with a source map beside it. */
async function write(code: string): Promise<void> {
  writeFileSync(source, code);
  const outfile = join(definition.directory, 'index.mjs');
  const options = { bundle: true, minify: true, sourcemap: true } as const;
  await build({ ...options, entryPoints: [source], outfile, format: 'esm', platform: 'node' });
}

const slow = 'await new Promise((done) => setTimeout(done, 300));';
const greeting = (word: string, wait = '') =>
  `export const handler = async (): Promise<string> => { ${wait} return '${word}'; };\n`;

beforeAll(async () => {
  mkdirSync(definition.directory);
  await write(greeting('first', slow));
  functions = startFunctions([definition], {
    access: () => ({}),
    onLog: ({ line }) => void lines.push(line),
    clockOffset: createClock().offset,
  });
  await functions.open();
});

afterAll(async () => {
  await functions.stop();
  rmSync(directory, { recursive: true });
});

it('a restarted function answers with its new code, and a running invocation ends in the old one', async () => {
  const running = functions.invoke('greet', {});
  await write(greeting('second'));
  const restarting = functions.restart('greet');
  expect(await running).toEqual({ ok: true, value: 'first' });
  await restarting;
  expect(await functions.invoke('greet', {})).toEqual({ ok: true, value: 'second' });
});

it('the stack of an error shows file and line of the TypeScript code', async () => {
  await write(
    'interface Gone {\n  name: string;\n}\n\nexport const handler = () => {\n  throw new Error("boom");\n};\n',
  );
  await functions.restart('greet');
  expect(await functions.invoke('greet', {})).toMatchObject({ ok: false, errorMessage: 'boom' });
  await expect.poll(() => lines.join('\n')).toContain(`${source}:6:9`);
});

it('a function loads when it is first invoked, and its time limit begins after that', async () => {
  await write(
    'console.log("loading");\nawait new Promise((done) => setTimeout(done, 1500));\nexport const handler = async (_: unknown, context: { getRemainingTimeInMillis(): number }) => context.getRemainingTimeInMillis();\n',
  );
  const said: string[] = [];
  const cold = startFunctions([{ ...definition, timeoutSeconds: 1 }], {
    access: () => ({}),
    onLog: ({ line }) => void said.push(line),
    clockOffset: createClock().offset,
  });
  try {
    expect(said).toEqual([]);
    const outcome = await cold.invoke('greet', {});
    expect(outcome).toEqual({ ok: true, value: expect.any(Number) });
    expect((outcome as { value: number }).value).toBeGreaterThan(0);
    expect(said).toEqual(['loading']);
  } finally {
    await cold.stop();
  }
});

it('an invocation fails when its function is killed while it loads, and the next one gets a new sandbox', async () => {
  await write(
    'await new Promise((done) => setTimeout(done, 300));\nexport const handler = async () => "alive";\n',
  );
  const cold = startFunctions([definition], {
    access: () => ({}),
    onLog: () => undefined,
    clockOffset: createClock().offset,
  });
  try {
    const killed = cold.invoke('greet', {});
    await cold.kill('greet');
    expect(await killed).toMatchObject({ ok: false, errorType: 'Runtime.ExitError' });
    expect(await cold.invoke('greet', {})).toEqual({ ok: true, value: 'alive' });
  } finally {
    await cold.stop();
  }
});
