import { randomUUID } from 'node:crypto';
import { devNull } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { ClockOffset } from '../clock.ts';
import { region } from '../template/physical-ids.ts';
import type { FunctionDefinition, FunctionOptions } from './function-definition.ts';

export interface Invocation {
  /** The request id. */
  readonly id: string;
  /** JSON. */
  readonly event: string;
  /** Epoch milliseconds in real time: a moved clock must not time an invocation out. */
  readonly deadline: number;
}

/** The `workerData` of a sandbox's worker. */
export interface SandboxData {
  readonly definition: FunctionDefinition;
  readonly clockOffset: ClockOffset;
}

export type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly errorType: string; readonly errorMessage: string };

const entry = new URL('./function-worker.ts', import.meta.url).href;

/** The first line must run before Node reads the worker: it then finds the code that an earlier sandbox compiled. */
const startCode = (codeCache: string | undefined) => `
if (${codeCache !== undefined}) require('node:module').enableCompileCache(${JSON.stringify(codeCache)});
import(${JSON.stringify(entry)});
`;

type Failure = (requestId: string) => Outcome;

/** Outcome of an invocation whose runtime has ended. */
export const runtimeExited: Failure = (id) => ({
  ok: false,
  errorType: 'Runtime.ExitError',
  errorMessage: `RequestId: ${id} Error: Runtime exited`,
});

function timedOut(seconds: number): Failure {
  return (id) => ({
    ok: false,
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${id} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
  });
}

/** A worker that runs a function, from its start on. */
interface Sandbox {
  readonly worker: Worker;
  /** Resolves when the function's module is loaded, or when the worker has ended before that. */
  readonly loaded: Promise<void>;
}

/** A loaded machine needs longer than Lambda's 10 seconds. A module that never loads ends here. */
const loadSeconds = 60;

/**
 * Prepares a function. Its sandbox opens when it is first invoked, or by `open`; another one opens whenever it has ended
 * and is needed again. As on Lambda, the time to load does not count as time of an invocation.
 * @param ended the function's sandboxes that have ended before
 */
export function openSandbox(definition: FunctionDefinition, options: FunctionOptions, ended = 0) {
  const pending = new Map<string, (outcome: Outcome) => void>();
  let current: Sandbox | undefined;

  function start(): Sandbox {
    const worker = new Worker(startCode(options.codeCache), {
      eval: true,
      workerData: { definition, clockOffset: options.clockOffset } satisfies SandboxData,
      env: { ...environmentOf(definition), ...options.access(definition.name) },
      execArgv: [],
      stdout: true,
      stderr: true,
    });
    const { promise: loaded, resolve: stopWaiting } = Promise.withResolvers<void>();
    const sandbox: Sandbox = { worker, loaded };
    const timer = setTimeout(() => {
      if (current === sandbox) end(timedOut(loadSeconds));
    }, loadSeconds * 1000);
    worker.on('message', (message: 'ready' | { id: string; outcome: Outcome }) => {
      if (message !== 'ready') return settle(message.id, () => message.outcome);
      clearTimeout(timer);
      stopWaiting();
    });
    worker.on('error', (error) => log(String(error)));
    worker.once('exit', () => {
      clearTimeout(timer);
      stopWaiting();
      if (current === sandbox) end(runtimeExited);
    });
    for (const stream of [worker.stdout, worker.stderr]) readLines(stream, log);
    return sandbox;
  }

  function log(line: string) {
    options.onLog({ functionName: definition.name, line });
  }

  function settle(id: string, outcome: Failure) {
    pending.get(id)?.(outcome(id));
    pending.delete(id);
  }

  /** Ends the sandbox and fails its running invocations. The next invocation opens another one. */
  async function end(failure: Failure): Promise<void> {
    const ending = current;
    current = undefined;
    ended += 1;
    for (const id of [...pending.keys()]) settle(id, failure);
    await ending?.worker.terminate();
  }

  /** Opens the sandbox if there is none, and resolves when it can be invoked. */
  async function open(): Promise<void> {
    current ??= start();
    await current.loaded;
  }

  async function invoke(event: unknown): Promise<Outcome> {
    const id = randomUUID();
    current ??= start();
    const { worker, loaded } = current;
    return new Promise<Outcome>((resolve) => {
      pending.set(id, resolve);
      loaded.then(() => {
        // A sandbox that has ended meanwhile has failed the invocation.
        if (pending.has(id)) run(worker, id, event);
      });
    });
  }

  function run(worker: Worker, id: string, event: unknown) {
    const milliseconds = definition.timeoutSeconds * 1000;
    const timer = setTimeout(() => {
      // The sandbox's other invocations did not time out: their runtime exits.
      settle(id, timedOut(definition.timeoutSeconds));
      end(runtimeExited);
    }, milliseconds);
    const answer = pending.get(id);
    pending.set(id, (outcome) => {
      clearTimeout(timer);
      answer?.(outcome);
    });
    const deadline = Date.now() + milliseconds;
    worker.postMessage({
      id,
      event: JSON.stringify(event ?? {}),
      deadline,
    } satisfies Invocation);
  }

  /** Resolves when no invocation runs. */
  async function idle(): Promise<void> {
    while (pending.size > 0) await sleep(10);
  }

  return { definition, open, invoke, end, idle, sandbox: () => ended };
}

/** The variables that Lambda sets, and none from this process's environment. */
function environmentOf(definition: FunctionDefinition): Record<string, string> {
  return {
    ...definition.environment,
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: definition.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    LAMBDA_TASK_ROOT: definition.directory,
    _HANDLER: definition.handler,
    // Lambda has no such files. Here the SDK would read the developer's own.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
  };
}

function readLines(stream: Readable, log: (line: string) => void) {
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', log);
}
