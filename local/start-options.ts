import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface StartOptions {
  readonly help: boolean;
  readonly port: number;
  /** Absolute path. Undefined means that no data is kept. */
  readonly dataDir: string | undefined;
}

export const help = `Runs Hawiya on this machine: portal, API, functions, DynamoDB, Cognito and an SMS inbox.

  npm start                    data is gone when it stops
  npm start -- --data DIR      data is kept in DIR between runs
  PORT=3001 npm start          another port than 3000 (0 takes a free one)

It needs Java 17 or newer, no Docker and no AWS account. Ctrl-C stops everything.`;

/**
 * Reads what `npm start` or `npm run dev` was given.
 * @param args the command line without node and the script
 * @param command for the message about a wrong flag
 * @throws Error saying in one line what is wrong
 */
export function startOptions(
  args: string[],
  env: NodeJS.ProcessEnv,
  command = 'npm start',
): StartOptions {
  const { help = false, data } = parseFlags(args, command);
  if (data === '') throw new Error('--data needs a directory.');
  return { help, port: portFrom(env['PORT']), dataDir: data && resolve(data) };
}

function parseFlags(args: string[], command: string) {
  try {
    const options = { help: { type: 'boolean', short: 'h' }, data: { type: 'string' } } as const;
    return parseArgs({ args, options }).values;
  } catch (error) {
    // Keep the first sentence. Node then explains positional arguments, which do not exist here.
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(/\.\s|\n/);
    throw new Error(`${sentence?.replace(/\.$/, '')}. Try: ${command} -- --help`);
  }
}

function portFrom(text = ''): number {
  if (text === '') return 3000;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Error(`PORT must be a whole number up to 65535, not "${text}".`);
}
