import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const directory = fileURLToPath(new URL('.', import.meta.url));

/**
 * Installs the peers if they are not there yet. They have their own package.json, so that `npm ci` of the project does not
 * install them.
 * @returns whether they are there; if not, a message says why
 */
export function installPeers(): boolean {
  if (existsSync(`${directory}node_modules/better-auth`)) return true;
  console.info('Installing better-auth for the comparison (test/bench/peers) …');
  try {
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: directory,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 120_000,
    });
    return true;
  } catch (error) {
    const reason = String((error as { stderr?: Buffer }).stderr ?? error).split('\n')[0];
    console.warn(`better-auth could not be installed, so nothing is compared with it: ${reason}`);
    return false;
  }
}
