import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { StageConfig } from '../../lib/config/stage-config.ts';
import type { Template } from './template.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const entry = here('./synth-process.ts');

interface SynthesisOptions {
  /** Ends the synthesis early. */
  readonly signal?: AbortSignal;
  /** Whether the functions are bundled. Otherwise their directories hold no code that runs. */
  readonly bundled?: boolean;
}

/**
 * Synthesises the CDK app, by default bundles included.
 *
 * It runs in a process of its own: the CDK blocks for seconds in which DynamoDB and Cognito can start.
 * @param outdir an empty or missing directory for the cloud assembly; the templates' assets stay there
 * @returns the stacks, each after those it depends on
 * @throws Error with all the output of a synthesis that failed
 */
export async function synthesise(
  config: StageConfig,
  outdir: string,
  { signal, bundled = true }: SynthesisOptions = {},
): Promise<Template[]> {
  const child = spawn(process.execPath, [entry, outdir, bundled ? 'bundles' : 'no-bundles'], {
    signal,
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
