import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { functionSettings } from '../../lib/config/function-settings.ts';
import type { StageConfig } from '../../lib/config/stage-config.ts';
import { local } from '../../lib/config/stages/local.ts';
import { prod } from '../../lib/config/stages/prod.ts';
import { devBuild } from '../../local/dev/bundler.ts';
import { synthesise } from '../../local/template/synth.ts';
import { openTemplates } from '../../local/template/template.ts';

const directory = mkdtempSync(join(tmpdir(), 'hawiya-bundles-'));
afterAll(() => rmSync(directory, { recursive: true }));

const digest = (code: string) => createHash('sha256').update(code).digest('hex');

/** The functions of a stage as they deploy: the key of the asset in S3 and its directory, by name. */
async function deployed(config: StageConfig, name: string) {
  const templates = openTemplates(await synthesise(config, join(directory, name)));
  // References to what no deployment has created yet.
  const functions = templates.resources('AWS::Lambda::Function', ['Environment', 'Role']);
  return new Map(
    functions.map(({ physicalId, properties }) => {
      const { S3Key: key } = properties['Code'] as { S3Key: string };
      return [physicalId, { key, path: templates.assetDirectory(key) }];
    }),
  );
}

const codeIn = (path: string) => readFileSync(join(path, 'index.mjs'), 'utf8');

let functions: Awaited<ReturnType<typeof deployed>>;
beforeAll(async () => {
  functions = await deployed(local, 'local');
}, 120_000);

/** The most bytes a bundle may have. Each kilobyte is read, compiled and run before the first request of a cold start. */
const budgets: Readonly<Record<string, number>> = {
  verification: 303_000,
  'event-publisher': 200_000,
  // Two thirds of it are the OpenAPI document.
  information: 185_000,
  // It changes, moves and closes accounts, and ends their sessions.
  'account-security': 365_000,
  'token-scope': 1_000,
};
const otherBudget = 360_000;

it('no bundle of prod is larger than its budget', async () => {
  const ofProd = await deployed(prod, 'prod');
  expect([...ofProd.keys()]).toEqual([...functions.keys()]);
  const sizes = [...ofProd].map(([name, { path }]) => ({
    name,
    bytes: Buffer.byteLength(codeIn(path)),
  }));
  const tooLarge = sizes.filter(({ name, bytes }) => bytes > (budgets[name] ?? otherBudget));
  expect(tooLarge).toEqual([]);
}, 120_000);

it('no function carries zod’s classic API: its schemas are those of zod/mini', async () => {
  const options = devBuild([...functions.keys()], '/dev', functionSettings(local));
  const { metafile } = await build(options);
  const classic = Object.entries(metafile?.outputs ?? {}).flatMap(([output, { inputs }]) =>
    Object.entries(inputs)
      .filter(([input, { bytesInOutput }]) => /zod\/v4\/classic/.test(input) && bytesInOutput > 0)
      .map(([input]) => `${output}: ${input}`),
  );
  expect(classic).toEqual([]);
}, 120_000);

it('npm run dev bundles the code that deploys, byte for byte, and what deploys holds no source map', async () => {
  const options = devBuild([...functions.keys()], '/dev', functionSettings(local));
  const { outputFiles = [] } = await build(options);
  for (const [name, { path }] of functions) {
    expect(readdirSync(path)).toEqual(['index.mjs']);
    const dev = outputFiles.find((file) => file.path === `/dev/${name}/index.mjs`)?.text ?? '';
    const withoutMap = dev.replace(/\/\/# sourceMappingURL=.*\n$/, '');
    expect(digest(withoutMap), name).toBe(digest(codeIn(path)));
  }
}, 120_000);

it('each setting is a value in the bundle: no function looks for it when it starts', () => {
  expect(functions.size).toBe(11);
  for (const [name, { path }] of functions) expect(codeIn(path), name).not.toMatch(/\bSETTINGS\b/);
});

it('a changed setting deploys the functions whose env.ts names it, and no others', async () => {
  const changed = await deployed({ ...local, termsVersion: '2027-01' }, 'changed');
  const updated = [...changed].filter(([name, { key }]) => functions.get(name)?.key !== key);
  expect(updated.map(([name]) => name).sort()).toEqual(functionsNaming('TERMS_VERSION'));
}, 120_000);

function functionsNaming(setting: string): string[] {
  const names = [...functions.keys()].filter((name) =>
    readFileSync(`lambdas/functions/${name}/env.ts`, 'utf8').includes(`SETTINGS.${setting}`),
  );
  return names.sort();
}
