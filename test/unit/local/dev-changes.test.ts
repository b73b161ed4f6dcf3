import { readdirSync } from 'node:fs';
import { context } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { functionSettings } from '../../../lib/config/function-settings.ts';
import { local } from '../../../lib/config/stages/local.ts';
import type { Bundler } from '../../../local/dev/bundler.ts';
import { devBuild } from '../../../local/dev/bundler.ts';
import { followChanges } from '../../../local/dev/follow-changes.ts';
import { changeOf, sourceFilesOf } from '../../../local/dev/source-files.ts';

const names = readdirSync('lambdas/functions', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe('the functions that a changed file concerns', () => {
  const sourceFiles = new Map<string, ReadonlySet<string>>();
  const functionsOf = (path: string) => changeOf([path], sourceFiles).functions;
  let dispose: () => Promise<void>;

  beforeAll(async () => {
    const build = await context(devBuild(names, '/nowhere', functionSettings(local)));
    dispose = () => build.dispose();
    const { metafile } = await build.rebuild();
    if (!metafile) throw new Error('There is no metafile');
    for (const name of names) {
      sourceFiles.set(name, sourceFilesOf(metafile, `lambdas/functions/${name}/handler.ts`));
    }
  }, 60_000);
  afterAll(() => dispose());

  it.each(names)('are %s alone for its own handler', (name) => {
    expect(functionsOf(`lambdas/functions/${name}/handler.ts`)).toEqual([name]);
  });

  it('are those that import it', () => {
    expect(functionsOf('lambdas/core/flows/start-registration.ts')).toEqual(['registration']);
    expect(functionsOf('lambdas/http/api-handler.ts')).not.toContain('sms-sender');
    expect(functionsOf('lambdas/http/api-handler.ts').length).toBeGreaterThan(7);
    // `token-scope` answers Cognito and logs nothing of its own.
    const logging = names.filter((name) => name !== 'token-scope');
    expect(functionsOf('lambdas/observability/log.ts')).toEqual(logging);
  });

  it('are none for the infrastructure, which needs a new start', () => {
    const paths = ['lib/stacks/api-stack.ts', 'local/cloud.ts', 'cdk.json'];
    expect(changeOf(paths, sourceFiles)).toEqual({ functions: [], needRestart: paths });
    expect(changeOf(['README.md'], sourceFiles)).toEqual({ functions: [], needRestart: [] });
  });

  it('are one for the OpenAPI document, which the gateway checks bodies with too', () => {
    const paths = ['docs/openapi.json'];
    expect(changeOf(paths, sourceFiles)).toEqual({
      functions: ['information'],
      needRestart: paths,
    });
  });
});

describe('a change', () => {
  const sourceFiles = new Map([
    ['login', new Set(['lambdas/shared.ts', 'lambdas/login.ts'])],
    ['reset', new Set(['lambdas/shared.ts', 'lambdas/reset.ts'])],
  ]);

  /** A cloud of two functions. `broken` holds those that do not bundle. */
  function open(broken: Set<string>) {
    const restarted: string[] = [];
    const printed: string[] = [];
    const bundle = async (functions: readonly string[]) => {
      if (functions.some((name) => broken.has(name))) throw new Error('Unexpected ";"');
      return [...functions];
    };
    const bundler: Pick<Bundler, 'bundle' | 'sourceFiles'> = { bundle, sourceFiles };
    const restart = async (name: string) => void restarted.push(name);
    const print = (text: string) => void printed.push(text);
    const change = followChanges({ bundler, restart, print, now: () => 0 });
    return { change, restarted, printed };
  }

  it('restarts the functions whose bundle changed, and says so in one line', async () => {
    const { change, restarted, printed } = open(new Set());
    await change(['lambdas/login.ts']);
    expect(restarted).toEqual(['login']);
    await change(['lambdas/shared.ts', 'README.md']);
    expect(restarted).toEqual(['login', 'login', 'reset']);
    expect(printed).toEqual([
      'login: bundled and restarted in 0.0 s',
      'login, reset: bundled and restarted in 0.0 s',
    ]);
  });

  it('of the infrastructure asks for a new start', async () => {
    const { change, restarted, printed } = open(new Set());
    await change(['lib/routes.ts']);
    expect(restarted).toEqual([]);
    expect(printed).toEqual([
      'lib/routes.ts changed: stop with Ctrl-C and start again to apply it',
    ]);
  });

  it('that does not bundle leaves its function running, holds up no other, and is tried again', async () => {
    const broken = new Set(['reset']);
    const { change, restarted, printed } = open(broken);
    await change(['lambdas/reset.ts']);
    expect(printed).toEqual([
      'Unexpected ";"',
      'reset: not bundled; the code from before the error runs on',
    ]);
    await change(['lambdas/shared.ts']);
    expect(restarted).toEqual(['login']);
    broken.clear();
    await change(['lambdas/a-file-that-was-missing.ts']);
    expect(restarted).toEqual(['login', 'reset']);
  });
});
