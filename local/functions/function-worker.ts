/** A function's sandbox: loads the deployed bundle and answers one message per invocation. */
import { existsSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { shownBy } from '../clock.ts';
import { currentRequest, logAsLambda } from './function-console.ts';
import { dateReading } from './function-date.ts';
import type { Invocation, Outcome, SandboxData } from './function-sandbox.ts';

type Handler = (event: unknown, context: object) => unknown;

const { definition, clockOffset } = workerData as SandboxData;
const realNow = Date.now;
// Replace `Date` before the bundle is loaded: the bundle may keep a reference to it. Timers,
// `performance` and Node's internals keep real time. The SDK signs with the moved time, and the
// endpoint answers with it.
globalThis.Date = dateReading(shownBy(clockOffset));
Date.prototype.constructor = Date;
if (definition.logsJson) logAsLambda();
const loading = load();
parentPort?.on('message', async (invocation: Invocation) => {
  const { id } = invocation;
  const outcome = await currentRequest.run(id, () => run(invocation));
  parentPort?.postMessage({ id, outcome });
});
await loading.catch(() => undefined);
parentPort?.postMessage('ready');
// A sandbox that is killed would leave nothing of it.
flushCompileCache();

async function load(): Promise<Handler> {
  const [file, name] = definition.handler.split('.');
  const path = join(definition.directory, `${file}.mjs`);
  // `npm run dev` writes source maps: stack traces then show the TypeScript files.
  if (existsSync(`${path}.map`)) process.setSourceMapsEnabled(true);
  const url = pathToFileURL(path).href;
  const module = (await import(url)) as Record<string, unknown>;
  const handler = module[name ?? ''];
  if (typeof handler === 'function') return handler as Handler;
  throw Object.assign(new Error(`${definition.handler} is undefined or not exported`), {
    name: 'Runtime.HandlerNotFound',
  });
}

async function run(invocation: Invocation): Promise<Outcome> {
  try {
    const handler = await loading;
    const value = await handler(JSON.parse(invocation.event), contextOf(invocation));
    // Through JSON, as on Lambda: a Date becomes text and undefined disappears.
    return { ok: true, value: JSON.parse(JSON.stringify(value ?? null)) };
  } catch (error) {
    console.error(error);
    return error instanceof Error
      ? { ok: false, errorType: error.name, errorMessage: error.message }
      : { ok: false, errorType: typeof error, errorMessage: String(error) };
  }
}

function contextOf({ id, deadline }: Invocation) {
  return {
    awsRequestId: id,
    callbackWaitsForEmptyEventLoop: true,
    functionName: definition.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: definition.arn,
    memoryLimitInMB: String(definition.memoryMb),
    logGroupName: definition.logGroup,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, deadline - realNow()),
  };
}
