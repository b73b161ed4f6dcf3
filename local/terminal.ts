import { setTimeout as sleep } from 'node:timers/promises';
import type { Serving } from './serve.ts';
import type { StartOptions } from './start-options.ts';
import { createLog, wantsColor } from './terminal-log.ts';

/** Under npm one Ctrl-C arrives twice: from the terminal, and again passed on by npm. */
const SAME_KEYPRESS_MS = 500;

let stopping = false;

/** Whether the developer has asked to stop. */
export const isStopping = (): boolean => stopping;

/** Runs a command of the terminal. An error ends it with its message and status 1. */
export async function runCommand(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    // An interrupted start reports no error.
    if (!stopping) fail(error);
  }
}

/** Calls `stop` on Ctrl-C and similar signals, and exits. A second Ctrl-C exits at once. */
export function stopOnSignals(stop: () => Promise<void>): void {
  // Writing to a terminal that was closed (SIGHUP) must not end us before everything is stopped.
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

export function terminalLog() {
  return createLog({
    write: print,
    color: wantsColor(process.stdout, process.env),
    now: Date.now,
  });
}

interface Ready {
  readonly directory: Serving['directory'];
  readonly options: StartOptions;
  readonly command: string;
  /** Addresses of the portal, each a line. */
  readonly portal: string;
}

/** What the terminal shows when everything runs. */
export function readyText({ directory, options, command, portal }: Ready): string {
  const tables = Object.values(directory.tables).join(', ');
  return `
Hawiya is ready.

${portal}
  API      ${directory.api}
  Inbox    ${directory.inbox}
  Table    ${tables} in DynamoDB at ${directory.dynamodb}
  Data     ${options.dataDir ?? `in memory: gone when this stops (${command} -- --data DIR keeps it)`}

Try: curl -i ${directory.api}/registrations -H 'content-type: application/json' -d '{"phone":"0501234567"}'

Ctrl-C stops everything.
`;
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

export function print(text: string): void {
  console.log(text);
}
