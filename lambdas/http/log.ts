/**
 * The fields a log line may have. There is no free text: nothing a person typed, and no error message, which may
 * quote what a person typed, can get in.
 */
export interface LogFields {
  readonly requestId?: string;
  readonly route?: string;
  readonly status?: number;
  /** Code of the problem that was answered. */
  readonly problem?: string;
  readonly ms?: number;
  /** What became of an SMS. */
  readonly delivery?: string;
  /** Class of an unexpected error, and where it came from. */
  readonly error?: string;
  readonly at?: readonly string[];
  /** Request id of the AWS call that failed. */
  readonly awsRequestId?: string;
}

/** Writes one JSON line; Lambda's JSON log format takes it as it is. */
export function log(level: 'INFO' | 'ERROR', message: string, fields: LogFields): void {
  const line = { timestamp: new Date().toISOString(), level, message, ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** What may be told of an error: its class, its stack without its message, the id AWS support asks for. */
export function describeError(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error };
  const at = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 6)
    .map((line) => line.trim());
  const { $metadata } = error as { $metadata?: { requestId?: string } };
  return {
    error: error.name,
    at,
    ...($metadata?.requestId && { awsRequestId: $metadata.requestId }),
  };
}
