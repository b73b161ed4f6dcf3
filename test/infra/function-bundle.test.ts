import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, expect, it } from 'vitest';
import { local } from '../../lib/config/stages/local.ts';
import { devBuild } from '../../local/dev/bundler.ts';
import { synthesise } from '../../local/template/synth.ts';
import { openTemplates } from '../../local/template/template.ts';

const directory = mkdtempSync(join(tmpdir(), 'hawiya-bundles-'));
afterAll(() => rmSync(directory, { recursive: true }));

const digest = (code: string) => createHash('sha256').update(code).digest('hex');

it('npm run dev bundles the code that deploys, byte for byte, and what deploys holds no source map', async () => {
  const templates = openTemplates(await synthesise(local, directory));
  // References to what no deployment has created yet.
  const functions = templates.resources('AWS::Lambda::Function', ['Environment', 'Role']);
  const names = functions.map(({ physicalId }) => physicalId);
  const { outputFiles = [] } = await build(devBuild(names, '/dev'));
  for (const { physicalId: name, properties } of functions) {
    const { S3Key } = properties['Code'] as { S3Key: string };
    const deployed = templates.assetDirectory(S3Key);
    expect(readdirSync(deployed)).toEqual(['index.mjs']);
    const code = readFileSync(join(deployed, 'index.mjs'), 'utf8');
    const dev = outputFiles.find(({ path }) => path === `/dev/${name}/index.mjs`)?.text ?? '';
    const withoutMap = dev.replace(/\/\/# sourceMappingURL=.*\n$/, '');
    expect(digest(withoutMap), name).toBe(digest(code));
  }
}, 120_000);
