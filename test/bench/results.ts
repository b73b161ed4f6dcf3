import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Machine } from './report/machine.ts';
import type { Table } from './report/table.ts';

/** A section's tables, with the machine and the commit that they were measured on. */
export interface SectionResult {
  readonly machine: Machine;
  readonly seconds: number;
  readonly tables: readonly Table[];
}

/** What a run measured, by section. */
export type Results = Readonly<Record<string, SectionResult>>;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The newest run of every section on this machine. */
export const newest = here('../../dist/bench/results.json');
/** The run that the documents show. */
export const reference = here('./results/reference.json');

/** @returns no section if there is no such file */
export async function readResults(path: string): Promise<Results> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Results;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** Writes the sections over those of the file, and keeps its other sections. */
export async function addResults(path: string, added: Results): Promise<Results> {
  const results = { ...(await readResults(path)), ...added };
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(results, null, 1)}\n`);
  return results;
}
