import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { StageConfig } from '../../lib/config/stage-config.ts';
import type { Template } from './template.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const entry = here('./synth-process.ts');
const commands = [here('./bin'), here('../../node_modules/.bin')];

/**
 * Synthesises the CDK app and its bundles.
 *
 * It runs in its own process for two reasons. Bundling blocks for seconds, in which DynamoDB and
 * Cognito can start. And npx and esbuild write to the terminal, which is useful only if they fail.
 * @param outdir an empty or missing directory for the cloud assembly; the assets stay there
 * @param signal ends the synthesis early
 * @returns the stacks, each after the stacks it depends on
 * @throws Error with the whole output of a failed synthesis
 */
export async function synthesise(
  config: StageConfig,
  outdir: string,
  signal?: AbortSignal,
): Promise<Template[]> {
  const child = spawn(process.execPath, [entry, outdir], {
    signal,
    env: { ...process.env, PATH: [...commands, process.env['PATH']].join(delimiter) },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // Wait for the exit after an abort too: the caller may delete the directory next.
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.on('error', () => undefined);
  // A child that ends before it has read its input prints the reason on stderr.
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(config));
  const [code, output, errors] = await Promise.all([
    exited,
    text(child.stdout),
    text(child.stderr),
  ]);
  if (code === 0) return JSON.parse(output) as Template[];
  throw new Error(`The CDK app did not synthesise (exit status ${code}):\n${errors}`);
}
