import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type HttpClient, type JsonCall, jsonCaller } from '../http-client.ts';
import { requireJava } from './java.ts';

export interface LocalDynamoDb {
  readonly endpoint: string;
  /** The access key that a call of this database is signed with. */
  readonly accessKeyId: string;
  /** Calls DynamoDB (and its streams) past IAM. */
  readonly call: JsonCall;
  /** Ends the process, and resolves when it has exited. */
  stop(): Promise<void>;
}

const emulator = fileURLToPath(
  new URL('../../node_modules/amplify-dynamodb-simulator/emulator/', import.meta.url),
);

const jvm = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

// Ends Java when this process ends, however it ends. The shell starts a reader of our pipe, then it
// becomes Java. When this process ends, the pipe closes and the reader kills Java.
const tied = 'exec 3<&0; (cat <&3 >/dev/null; kill $$ 2>/dev/null) & exec "$@" 3<&- </dev/null';

const startSeconds = 30;

interface StartOptions {
  /** Where it keeps its data; in memory without one. */
  readonly directory?: string | undefined;
  /** Gives each access key a database of its own; otherwise there is one database for all keys. */
  readonly databases?: 'shared' | 'by access key';
}

/**
 * Starts DynamoDB Local on a free port, and waits until it answers.
 * @throws Error that says what to install if there is no Java 17, or what the process said when it died
 */
export async function startDynamoDb(
  http: HttpClient,
  options: StartOptions = {},
): Promise<LocalDynamoDb> {
  await requireJava();
  const port = await freePort();
  const child = spawn('sh', ['-c', tied, 'sh', 'java', ...javaArguments(port, options)], {
    cwd: emulator,
    stdio: ['pipe', 'ignore', 'pipe'],
    // Ctrl-C reaches every process of the group. DynamoDB must end after its clients instead.
    detached: true,
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const accessKeyId = 'LOCAL';
  const call = jsonCaller(http, endpoint, accessKeyId);
  try {
    await untilReady(child, call);
  } catch (error) {
    await end(child);
    throw error;
  }
  return { endpoint, accessKeyId, call, stop: () => end(child) };
}

/** Opens an empty database in a DynamoDB Local that runs with a database for each access key. */
export function openDatabase(http: HttpClient, endpoint: string): LocalDynamoDb {
  const accessKeyId = `LOCAL${randomBytes(8).toString('hex').toUpperCase()}`;
  const call = jsonCaller(http, endpoint, accessKeyId);
  return { endpoint, accessKeyId, call, stop: async () => undefined };
}

function javaArguments(port: number, { directory, databases = 'shared' }: StartOptions): string[] {
  if (directory) mkdirSync(directory, { recursive: true });
  return [
    ...jvm,
    `-Djava.library.path=${join(emulator, 'DynamoDBLocal_lib')}`,
    '-jar',
    'DynamoDBLocal.jar',
    '-port',
    String(port),
    ...(databases === 'shared' ? ['-sharedDb'] : []),
    '-disableTelemetry',
    ...(directory ? ['-dbPath', directory] : ['-inMemory']),
  ];
}

async function untilReady(child: ChildProcess, call: JsonCall): Promise<void> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-4000);
  });
  const deadline = Date.now() + startSeconds * 1000;
  while (Date.now() < deadline) {
    if (hasEnded(child)) throw new Error(`DynamoDB Local ended while starting:\n${said}`);
    try {
      await call('DynamoDB_20120810.ListTables', {});
      return;
    } catch {
      await sleep(50);
    }
  }
  throw new Error(`DynamoDB Local did not answer within ${startSeconds} seconds:\n${said}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (!hasEnded(child)) {
    const ended = once(child, 'exit');
    // SIGKILL saves a second: Java's orderly exit takes that long, and SQLite does not need it.
    child.kill('SIGKILL');
    await ended;
  }
  // The reader of the pipe then ends as well.
  child.stdin?.destroy();
  child.stderr?.destroy();
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (typeof address === 'object' && address) return address.port;
  throw new Error('There is no free port on 127.0.0.1');
}
