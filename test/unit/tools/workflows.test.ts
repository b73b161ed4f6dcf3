import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const workflows = readdirSync(new URL('../../../.github/workflows', import.meta.url)).map(
  (name) => [name, read(`.github/workflows/${name}`)] as const,
);
/** The jobs of a workflow, as text: each begins with its name, two spaces deep. */
const jobsOf = (workflow: string) =>
  (workflow.split(/^jobs:$/m)[1] ?? '').split(/^(?= {2}\w)/m).filter((job) => job.trim() !== '');
const jobs = workflows.flatMap(([name, text]) => jobsOf(text).map((job) => [name, job] as const));

describe('the workflows', () => {
  it('run Lambda’s Node, of one version that .nvmrc names', () => {
    expect(read('.nvmrc')).toBe('24\n');
    expect(read('lib/constructs/hawiya-function.ts')).toContain('Runtime.NODEJS_24_X');
    expect(jobs.length).toBeGreaterThanOrEqual(2);
    for (const [name, job] of jobs) {
      expect(job, name).toMatch(/setup-node@.*\n\s+with:\n\s+node-version-file: \.nvmrc/);
    }
  });

  it('take Node from the platform and run nothing from the npm package of it', () => {
    for (const [name, job] of jobs) {
      expect(job, name).toMatch(/NODE_FROM: platform|rm -f node_modules\/\.bin\/node/);
    }
  });

  it('look for advisories with every change and every day', () => {
    const [, auditing = ''] = workflows.find(([, text]) => text.includes('npm run audit')) ?? [];
    expect(auditing).toMatch(/^ {2}pull_request:/m);
    expect(auditing).toMatch(/^ {2}schedule:/m);
    const job = jobsOf(auditing).find((text) => text.includes('npm run audit'));
    expect(job).not.toContain('if:');
    expect(job).not.toContain('continue-on-error');
  });
});
