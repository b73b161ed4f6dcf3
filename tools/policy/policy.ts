/**
 * `npm run policy -- [--stage NAME]… [--json] [--addresses N [--carriers]]` reports what an attacker
 * can do within a stage's limits, and whether the stage keeps its targets. The formulas are in
 * docs/policy.md. `--addresses` adds a pumper with that many addresses; with `--carriers`, it sits
 * behind those of carriers.
 *
 * Exit codes: 0 if every stage keeps its targets, 1 if one does not, 2 for unknown arguments.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { stageNamed } from '../../lib/config/stages/index.ts';
import { type PolicyInput, policyInput } from './policy-input.ts';
import { type PumpingRow, simulatePumping, worstDay } from './pumping-report.ts';
import { render, reportOf, sentence } from './report.ts';

/** The names of all stages, from the files of lib/config/stages. */
export function stageNames(): string[] {
  const folder = fileURLToPath(new URL('../../lib/config/stages/', import.meta.url));
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && file !== 'index.ts')
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
}

export interface Output {
  readonly code: 0 | 1 | 2;
  readonly out: string;
  /** The missed targets, one per line, or the error in the arguments. */
  readonly err: string;
}

/**
 * @param find returns a stage's numbers by its name, and throws for an unknown name
 * @param simulate plays the pumpers that the stage has targets for
 */
export async function policy(
  args: readonly string[],
  find: (name: string) => PolicyInput = (name) => policyInput(stageNamed(name)),
  simulate: typeof simulatePumping = simulatePumping,
): Promise<Output> {
  let inputs: PolicyInput[];
  let json: boolean;
  let more: (input: PolicyInput) => Promise<PumpingRow[]>;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        stage: { type: 'string', multiple: true },
        json: { type: 'boolean' },
        addresses: { type: 'string' },
        carriers: { type: 'boolean' },
      },
    });
    more = pumperAsked(values);
    json = values.json ?? false;
    inputs = (values.stage ?? stageNames()).map(find);
  } catch (error) {
    return { code: 2, out: '', err: error instanceof Error ? error.message : String(error) };
  }
  const reports = [];
  for (const input of inputs) {
    reports.push(reportOf(input, await simulate(input.pumping), await more(input)));
  }
  const missed = reports.flatMap(({ stage, verdicts, currency }) =>
    verdicts
      .filter(({ met }) => !met)
      .map((verdict) => `Stage ${stage}: ${sentence(verdict, currency)}`),
  );
  return {
    code: missed.length > 0 ? 1 : 0,
    out: json ? JSON.stringify(reports, null, 2) : reports.map(render).join('\n\n\n'),
    err: missed.join('\n'),
  };
}

/** @throws Error for a number of addresses that is none */
function pumperAsked(values: {
  readonly addresses?: string | undefined;
  readonly carriers?: boolean | undefined;
}): (input: PolicyInput) => Promise<PumpingRow[]> {
  if (values.addresses === undefined) return async () => [];
  const addresses = Number(values.addresses);
  if (!Number.isInteger(addresses) || addresses < 1) throw new Error('--addresses takes a number');
  const behind = values.carriers ? 'carriers' : 'own addresses';
  return async ({ pumping }) => [await worstDay(pumping, 60_000, addresses, behind)];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { code, out, err } = await policy(process.argv.slice(2));
  if (out) console.log(out);
  if (err) console.error(`\n${err}`);
  process.exitCode = code;
}
