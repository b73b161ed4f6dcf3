import { AsyncLocalStorage } from 'node:async_hooks';
import { format } from 'node:util';

/** Id of the request whose invocation is running. */
export const currentRequest = new AsyncLocalStorage<string>();

const levels = {
  trace: 'TRACE',
  debug: 'DEBUG',
  log: 'INFO',
  info: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
} as const;

/** Makes `console` write Lambda's JSON log format, one line per call. */
export function logAsLambda(): void {
  for (const [method, level] of Object.entries(levels)) {
    Object.assign(console, { [method]: (...words: unknown[]) => writeEntry(level, words) });
  }
}

function writeEntry(level: string, words: unknown[]) {
  const entry = {
    timestamp: new Date().toISOString(),
    level,
    requestId: currentRequest.getStore(),
    message: words.length === 1 ? messageOf(words[0]) : format(...words),
  };
  process.stdout.write(`${JSON.stringify(entry)}\n`);
}

function messageOf(word: unknown): unknown {
  if (word instanceof Error) {
    const { name: errorType, message: errorMessage, stack } = word;
    return { errorType, errorMessage, stackTrace: stack?.split('\n') ?? [] };
  }
  return typeof word === 'object' ? word : format(word);
}
