import { setTimeout as sleep } from 'node:timers/promises';
import { requireJava } from './dynamodb/java.ts';
import { type Serving, serve } from './serve.ts';
import { help, type StartOptions, startOptions } from './start-options.ts';
import { createLog, wantsColor } from './terminal-log.ts';

/** Under npm, one Ctrl-C arrives twice: from the terminal, and from npm, which passes it on. */
const SAME_KEYPRESS_MS = 500;

let stopping = false;

try {
  await main(startOptions(process.argv.slice(2), process.env));
} catch (error) {
  // If the developer stops the start, the errors that this causes are not shown.
  if (!stopping) fail(error);
}

async function main(options: StartOptions): Promise<void> {
  if (options.help) return print(help);
  await requireJava();
  print('Starting Hawiya: building the functions, starting DynamoDB and Cognito …');
  const starting = serve({ port: options.port, dataDir: options.dataDir, log: terminalLog() });
  stopOnSignals(async () => {
    const serving = await starting.catch(() => undefined);
    await serving?.stop();
  });
  const serving = await starting;
  // The API works without the portal, and the portal's page shows the build's error.
  await serving.portalReady().catch(() => print('The portal could not be built.'));
  if (!stopping) print(ready(serving, options));
}

function stopOnSignals(stop: () => Promise<void>): void {
  // After SIGHUP the terminal is closed. A failing write must not end this process too early.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});

  const stopOnce = async () => {
    if (stopping) return;
    stopping = true;
    print('\nStopping …');
    sleep(SAME_KEYPRESS_MS).then(() => process.on('SIGINT', () => process.exit(130)));
    await stop().then(() => process.exit(0), fail);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stopOnce);
}

function terminalLog() {
  return createLog({
    write: print,
    color: wantsColor(process.stdout, process.env),
    now: Date.now,
  });
}

function ready({ directory }: Serving, { dataDir }: StartOptions): string {
  const tables = Object.values(directory.tables).join(', ');
  return `
Hawiya is ready.

  Portal   ${directory.portal}
  Demo     ${directory.demo} (the portal, and a phone beside it)
  API      ${directory.api}
  Inbox    ${directory.inbox}
  Table    ${tables} in DynamoDB at ${directory.dynamodb}
  Data     ${dataDir ?? 'in memory: gone when this stops (npm start -- --data DIR keeps it)'}

Try: curl -i ${directory.api}/registrations -H 'content-type: application/json' -d '{"phone":"0501234567"}'

Ctrl-C stops everything.
`;
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

function print(text: string): void {
  console.log(text);
}
