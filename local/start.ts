import { requireJava } from './dynamodb/java.ts';
import { type Serving, serve } from './serve.ts';
import { help, startOptions } from './start-options.ts';
import {
  isStopping,
  print,
  readyText,
  runCommand,
  stopOnSignals,
  terminalLog,
} from './terminal.ts';

const command = 'npm start';

await runCommand(main);

async function main(): Promise<void> {
  const options = startOptions(process.argv.slice(2), process.env);
  if (options.help) return print(help);
  await requireJava();
  print('Starting Hawiya: building the functions, starting DynamoDB and Cognito …');
  const starting = serve({ port: options.port, dataDir: options.dataDir, log: terminalLog() });
  stopOnSignals(async () => {
    const serving = await starting.catch(() => undefined);
    await serving?.stop();
  });
  const serving = await starting;
  const { directory } = serving;
  const portal = `  Portal   ${directory.portal}
  Demo     ${directory.demo} (the portal, and a phone beside it)`;
  if (!isStopping()) print(readyText({ directory, options, command, portal }));
  await warmUp(serving);
}

/** Prepares what the first requests need. They are answered meanwhile, and wait for what they need. */
async function warmUp({ cloud, portalReady }: Serving): Promise<void> {
  await cloud.functionsReady();
  // The API works without the portal, and the portal's page shows the build's error.
  await portalReady().catch(() => !isStopping() && print('The portal could not be built.'));
}
