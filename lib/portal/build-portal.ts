import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Runs `npm run build`. Its output goes to stderr, because the CDK command prints templates to stdout.
 * @throws Error if the build fails
 */
export async function buildPortal(): Promise<void> {
  const build = spawn('npm', ['run', '--silent', 'build'], {
    cwd: root,
    stdio: ['ignore', process.stderr, process.stderr],
  });
  const [status] = await once(build, 'exit');
  if (status !== 0) throw new Error('The portal does not build: see the messages above');
}
