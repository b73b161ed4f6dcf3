/** A function's sandbox: loads the deployed bundle and answers one message per invocation. */
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
// Before the bundle is loaded: it might keep a `Date` of its own. Timers and `performance` stay real, and so
// does Node inside. The SDK signs with the time it sees; the endpoint reads who signed, not when.
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
  const url = pathToFileURL(join(definition.directory, `${file}.mjs`)).href;
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
    // Through JSON as on Lambda: a Date becomes text, undefined goes.
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
