import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';

/** Where and when numbers were measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly platform: string;
  /** Versions of the packages that the numbers depend on. */
  readonly packages: Readonly<Record<string, string>>;
  readonly commit: string;
  /** Whether files differ from the commit. */
  readonly changed: boolean;
  /** ISO 8601. */
  readonly at: string;
  /** Mean number of running processes in the minute before: above 0.5, others used the machine too. */
  readonly loadBefore: number;
}

const packages = [
  '@aws-sdk/client-dynamodb',
  '@middy/core',
  'esbuild',
  'zod',
  'amplify-dynamodb-simulator',
];

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    packages: Object.fromEntries(packages.map((name) => [name, versionOf(name)])),
    commit: git('rev-parse', '--short', 'HEAD'),
    changed: git('status', '--porcelain', '--untracked-files=no') !== '',
    at: new Date().toISOString(),
    loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

/** The machine in one line. */
export function machineLine(machine: Machine): string {
  const { cpu, cores, memoryGiB, node, platform, commit, changed, at, loadBefore } = machine;
  const versions = Object.entries(machine.packages).map(([name, version]) => `${name} ${version}`);
  return [
    `${cores} cores of ${cpu}, ${memoryGiB} GiB`,
    `Node ${node} on ${platform}`,
    versions.join(', '),
    `commit ${commit}${changed ? ' with changes' : ''}`,
    at.slice(0, 10),
    `load before ${loadBefore}`,
  ].join('; ');
}

function versionOf(name: string): string {
  const path = new URL(`../../../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}

/** An archive without Git has no commit. */
function git(...words: string[]): string {
  try {
    const said = execFileSync('git', words, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return said.trim();
  } catch {
    return 'unknown';
  }
}
