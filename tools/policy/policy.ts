/**
 * `npm run policy -- [--stage NAME]… [--json]` reports what an attacker can do within a stage's
 * limits, and whether the stage keeps its targets. The formulas are in docs/policy.md.
 *
 * Exit codes: 0 if every stage keeps its targets, 1 if one does not, 2 for unknown arguments.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { stageNamed } from '../../lib/config/stages/index.ts';
import { type PolicyInput, policyInput } from './policy-input.ts';
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

/** @param find returns a stage's numbers by its name, and throws for an unknown name */
export function policy(
  args: readonly string[],
  find: (name: string) => PolicyInput = (name) => policyInput(stageNamed(name)),
): Output {
  let inputs: PolicyInput[];
  let json: boolean;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { stage: { type: 'string', multiple: true }, json: { type: 'boolean' } },
    });
    json = values.json ?? false;
    inputs = (values.stage ?? stageNames()).map(find);
  } catch (error) {
    return { code: 2, out: '', err: error instanceof Error ? error.message : String(error) };
  }
  const reports = inputs.map(reportOf);
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { code, out, err } = policy(process.argv.slice(2));
  if (out) console.log(out);
  if (err) console.error(`\n${err}`);
  process.exitCode = code;
}
