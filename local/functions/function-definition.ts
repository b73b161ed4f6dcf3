import type { ClockOffset } from '../clock.ts';
import type { Templates } from '../template/template.ts';

/** A function that a template declares. */
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
  /** Whether `console` writes JSON, from `LoggingConfig`. */
  readonly logsJson: boolean;
  readonly environment: Readonly<Record<string, string>>;
}

export interface FunctionOptions {
  /** The environment with which a function reaches AWS: AWS_ENDPOINT_URL and its credentials. */
  access(functionName: string): Record<string, string>;
  onLog(entry: LogEntry): void;
  /** Directory of the code that sandboxes have compiled; each compiles its own without one. */
  readonly codeCache?: string;
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
