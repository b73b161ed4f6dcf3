import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

const needed = 17;
const advice = `DynamoDB Local needs Java ${needed} or newer. Install it with one of:
  Debian, Ubuntu:  sudo apt install openjdk-${needed}-jre-headless
  Fedora, RHEL:    sudo dnf install java-${needed}-openjdk-headless
  macOS:           brew install openjdk@${needed}
and check it with: java -version`;

/** @throws Error that says how to install Java if `java` is missing or too old */
export async function requireJava(): Promise<void> {
  const answer = await javaVersion();
  const version = majorVersion(answer);
  if (version === undefined) throw new Error(`There is no Java on the PATH. ${advice}`);
  if (version < needed) throw new Error(`The Java on the PATH is version ${version}. ${advice}`);
}

/**
 * Reads the major version from the output of `java -version`.
 * @returns 17 for `openjdk version "17.0.15"`, 8 for `java version "1.8.0_402"`, undefined for
 *   anything else
 */
export function majorVersion(answer: string): number | undefined {
  const digits = /version "(?:1\.)?(\d+)/.exec(answer)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

async function javaVersion(): Promise<string> {
  const child = spawn('java', ['-version'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const missing = new Promise<string>((resolve) => child.once('error', () => resolve('')));
  return Promise.race([missing, text(child.stderr)]);
}
