/** `npm run dev`: the local cloud and the portal, which both follow changes of their sources. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { functionSettings } from '../../lib/config/function-settings.ts';
import { local } from '../../lib/config/stages/local.ts';
import { requireJava } from '../dynamodb/java.ts';
import { serve } from '../serve.ts';
import { createShutdown, type Shutdown } from '../shutdown.ts';
import { startOptions } from '../start-options.ts';
import {
  isStopping,
  print,
  readyText,
  runCommand,
  stopOnSignals,
  terminalLog,
} from '../terminal.ts';
import { openBundler } from './bundler.ts';
import { followChanges } from './follow-changes.ts';
import { startPortalServer } from './portal-server.ts';
import { watchFiles } from './watch-files.ts';

const command = 'npm run dev';
const root = fileURLToPath(new URL('../../', import.meta.url));

const help = `Runs Hawiya as npm start does, and follows changes of the code.

  npm run dev                    data is gone when it stops
  npm run dev -- --data DIR      data is kept in DIR between runs
  PORT=3001 npm run dev          another port of the API than 3000 (0 takes a free one)

lambdas/   the functions whose bundle changed are restarted; the others and all data stay
portal/    the browser follows by itself
lib/       takes effect with the next start

It needs Java 17 or newer, no Docker and no AWS account. Ctrl-C stops everything.`;

await runCommand(main);

async function main(): Promise<void> {
  const options = startOptions(process.argv.slice(2), process.env, command);
  if (options.help) return print(help);
  await requireJava();
  print('Starting Hawiya: building the functions, starting DynamoDB and Cognito …');
  const shutdown = createShutdown();
  const starting = start(options, shutdown);
  stopOnSignals(async () => {
    await starting.catch(() => undefined);
    await shutdown.run();
  });
  try {
    const { directory, portal, functionsReady } = await starting;
    if (!isStopping()) print(readyText({ directory, options, command, portal }));
    await functionsReady();
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}

async function start(
  { port, dataDir }: { port: number; dataDir: string | undefined },
  shutdown: Shutdown,
) {
  const bundler = openBundler(await scratchFolder(shutdown), functionSettings(local));
  shutdown.add(bundler.stop);
  const bundle = async (names: string[]) => {
    await bundler.bundle(names);
    return bundler.directoryOf;
  };
  const log = terminalLog();
  const { cloud, directory, url } = await shutdown.addStarted(
    serve({ port, dataDir, log, command, bundle }),
  );
  const portal = await shutdown.addStarted(startPortalServer(url));
  const onChange = followChanges({ bundler, restart: cloud.restart, print, now: Date.now });
  const folders = ['lambdas', 'lib', 'local'];
  const files = ['cdk.json', 'docs/openapi.json', 'package-lock.json'];
  shutdown.add(watchFiles({ root, folders, files, onChange }));
  const addresses = `  Portal   ${portal.url}/ (follows changes in portal/ and client/)
  Demo     ${portal.url}/local/demo (the portal, and a phone beside it)`;
  return { directory, portal: addresses, functionsReady: cloud.functionsReady };
}

/** Inside the repository: debuggers look for source maps only there. */
async function scratchFolder(shutdown: Shutdown): Promise<string> {
  const parent = join(root, '.hawiya');
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'dev-'));
  shutdown.add(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
