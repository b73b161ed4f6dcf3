/**
 * `npm run --silent rotate-key -- begin|retire < answer.json` adds a version to a secret of keys, or retires the former
 * ones. docs/key-compromise.md has the commands around it.
 *
 * The answer of `aws secretsmanager get-secret-value` comes on standard input, so this script needs no AWS credentials.
 * The new secret goes to standard output and nothing else does. What the operator is told goes to standard error, without
 * the secret.
 */
import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { stageNamed } from '../../lib/config/stages/index.ts';
import { readKeySecret } from './key-secret.ts';
import {
  beginVersion,
  type ChangedSecret,
  longestLeadMinutes,
  retireVersions,
  shortestLeadMinutes,
} from './rotate.ts';

const usage = `npm run --silent rotate-key -- begin [--in MINUTES | --now] < answer.json
npm run --silent rotate-key -- retire [--stage NAME] [--resealed | --retagged] [--force] < answer.json`;

const usualLeadMinutes = 30;

/**
 * @param args of the command line
 * @param input the answer of Secrets Manager
 * @param now epoch seconds
 * @throws Error that says what to do; never with the secret
 */
export function rotateKey(args: readonly string[], input: string, now: number): ChangedSecret {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      in: { type: 'string' },
      now: { type: 'boolean', default: false },
      stage: { type: 'string' },
      force: { type: 'boolean', default: false },
      resealed: { type: 'boolean', default: false },
      retagged: { type: 'boolean', default: false },
    },
  });
  const [command, ...more] = positionals;
  if (more.length > 0) throw new Error(`One command at a time.\n${usage}`);
  if (command === 'begin') {
    const { stage, force, resealed, retagged } = values;
    if (stage !== undefined || force || resealed || retagged)
      throw new Error(`begin takes no --stage, --resealed, --retagged or --force.\n${usage}`);
    const random = randomBytes(48).toString('base64url');
    return beginVersion(readKeySecret(input), { now, lead: leadOf(values), random });
  }
  if (command === 'retire') {
    if (values.in !== undefined || values.now)
      throw new Error(`retire takes no --in or --now.\n${usage}`);
    const sessions = values.stage === undefined ? undefined : stageNamed(values.stage).sessions;
    return retireVersions(readKeySecret(input), {
      now,
      sessions,
      force: values.force,
      resealed: values.resealed,
      retagged: values.retagged,
    });
  }
  throw new Error(usage);
}

function leadOf(values: {
  readonly in?: string | undefined;
  readonly now: boolean;
}): number | 'now' {
  if (values.now && values.in !== undefined) throw new Error('Choose --in or --now.');
  if (values.now) return 'now';
  if (values.in === undefined) return usualLeadMinutes;
  const minutes = Number(values.in);
  if (!Number.isInteger(minutes) || minutes < shortestLeadMinutes || minutes > longestLeadMinutes) {
    throw new Error(
      `--in takes ${shortestLeadMinutes} to ${longestLeadMinutes} whole minutes: functions read their secrets every ten\n` +
        'minutes, and must know a version before it begins. If the present key leaked, use --now.',
    );
  }
  return minutes;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    if (process.stdin.isTTY) throw new Error(usage);
    const { secret, told } = rotateKey(
      process.argv.slice(2),
      await text(process.stdin),
      Date.now() / 1000,
    );
    process.stdout.write(secret);
    console.error(told.join('\n'));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  }
}
