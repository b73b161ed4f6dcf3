/**
 * `npm run bench`: how fast Hawiya starts, answers and costs. `npm run bench -- cold size` runs these sections alone.
 * `npm run bench -- --write` runs nothing: it makes the newest results the reference, and writes docs/performance.md, its
 * picture and the README's summary.
 */
import { writeDocuments } from './documents/write.ts';
import { recordAll } from './recording/record.ts';
import type { Recordings } from './recording/recording.ts';
import { describeMachine, machineLine } from './report/machine.ts';
import { markdownOf } from './report/table.ts';
import { addResults, newest, readResults, reference } from './results.ts';
import { sections } from './sections.ts';

const words = process.argv.slice(2);
if (words.includes('--write')) {
  const results = await addResults(reference, await readResults(newest));
  const written = await writeDocuments(results);
  console.info(`Written: ${written.join(', ')}`);
} else {
  await measure(namesIn(words));
}

async function measure(names: readonly string[]): Promise<void> {
  const recordings = once(async () => {
    console.info('Recording each call of the API on a local cloud …');
    return recordAll();
  });
  for (const name of names) {
    const machine = describeMachine();
    const startedAt = performance.now();
    const tables = (await sections[name]?.measure(recordings)) ?? [];
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    await addResults(newest, { [name]: { machine, seconds, tables } });
    console.info(`\n${machineLine(machine)}; measured in ${seconds} s`);
    for (const table of tables) console.info(`\n${table.title}\n\n${markdownOf(table)}`);
  }
  console.info('\nKept in dist/bench/results.json. npm run bench -- --write writes the documents.');
}

function once(make: () => Promise<Recordings>): () => Promise<Recordings> {
  let made: Promise<Recordings> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** @throws Error that lists the sections, if there is none of a name */
function namesIn(words: readonly string[]): readonly string[] {
  const unknown = words.find((word) => !(word in sections));
  if (unknown !== undefined) {
    throw new Error(
      `There is no section ${unknown}. Sections: ${Object.keys(sections).join(', ')}`,
    );
  }
  if (words.length > 0) return words;
  return Object.entries(sections).flatMap(([name, { inDefault }]) => (inDefault ? [name] : []));
}
