/**
 * `npm run policy -- [--stage NAME]… [--json]`: what a stage's numbers let an attacker do, and whether it keeps its
 * targets. Exits 0 where every stage does, 1 where one does not, 2 for arguments it does not know.
 * The formulas are in docs/policy.md.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { stageNamed } from '../../lib/config/stages/index.ts';
import { type PolicyInput, policyInput } from './policy-input.ts';
import { render, reportOf, sentence } from './report.ts';

/** Every stage there is: the files of lib/config/stages. */
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
  /** What is wrong, each on a line of its own. */
  readonly err: string;
}

/** @param find a stage's numbers by its name; throws for one there is not */
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
