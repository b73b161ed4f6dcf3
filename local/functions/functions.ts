import type { ClockOffset } from '../clock.ts';
import type { Templates } from '../template/template.ts';
import { type Outcome, openSandbox, runtimeExited } from './function-sandbox.ts';

/** A function as its template declares it. */
export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** Directory of the bundle. */
  readonly directory: string;
  /** Such as `index.handler`. */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly logGroup: string;
  /** Whether `console` writes JSON, as `LoggingConfig` says. */
  readonly logsJson: boolean;
  readonly environment: Readonly<Record<string, string>>;
}

export interface Functions {
  /** Runs a function; concurrent invocations share its sandbox. @throws Error if there is no such function */
  invoke(functionName: string, event: unknown): Promise<Outcome>;
  /** Ends the sandbox as a crash would; the next invocation gets a fresh one. */
  kill(functionName: string): Promise<void>;
  /** Tells sandboxes of a function apart: the number changes when one ends. */
  sandbox(functionName: string): number;
  stop(): Promise<void>;
}

export type { Outcome };

export interface FunctionOptions {
  /** What a function needs to reach AWS: AWS_ENDPOINT_URL and its credentials. */
  access(functionName: string): Record<string, string>;
  onLog(entry: LogEntry): void;
  /** Of the clock that their `Date` shows. */
  readonly clockOffset: ClockOffset;
}

export interface LogEntry {
  readonly functionName: string;
  readonly line: string;
}

/** @returns the functions that the templates declare */
export function functionDefinitions(templates: Templates): FunctionDefinition[] {
  return templates.resources('AWS::Lambda::Function').map((resource) => {
    const { physicalId: name, properties } = resource;
    const { Code, Environment, LoggingConfig } = properties as {
      Code: { S3Key: string };
      Environment?: { Variables: Record<string, string> };
      LoggingConfig?: { LogGroup?: string; LogFormat?: string };
    };
    return {
      name,
      arn: templates.attribute(resource, 'Arn'),
      roleArn: String(properties['Role']),
      directory: templates.assetDirectory(Code.S3Key),
      handler: String(properties['Handler']),
      timeoutSeconds: Number(properties['Timeout'] ?? 3),
      memoryMb: Number(properties['MemorySize'] ?? 128),
      logGroup: LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
      logsJson: LoggingConfig?.LogFormat === 'JSON',
      environment: Environment?.Variables ?? {},
    };
  });
}

/** Starts every function in a sandbox of its own, so that nobody waits for a cold start. */
export async function startFunctions(
  definitions: FunctionDefinition[],
  options: FunctionOptions,
): Promise<Functions> {
  const running = new Map(definitions.map((d) => [d.name, openSandbox(d, options)]));
  const named = (name: string) => {
    const found = running.get(name);
    if (found) return found;
    throw new Error(`There is no function ${name}`);
  };
  await Promise.all([...running.values()].map(({ ready }) => ready));
  let stopped = false;
  return {
    invoke: async (name, event) => (stopped ? runtimeExited('') : named(name).invoke(event)),
    kill: async (name) => named(name).end(runtimeExited),
    sandbox: (name) => named(name).sandbox(),
    async stop() {
      stopped = true;
      await Promise.all([...running.values()].map(({ end }) => end(runtimeExited)));
    },
  };
}
