import { readFile, writeFile } from 'node:fs/promises';
import { machineLine } from '../report/machine.ts';
import { markdownOf } from '../report/table.ts';
import type { Results } from '../results.ts';
import { coldChart } from './cold-chart.ts';
import { replaced } from './markers.ts';
import { summaryOf } from './summary.ts';

const file = (path: string) => new URL(`../../../${path}`, import.meta.url);

/** Writes the tables, the picture and the README's summary. @returns the paths of the files */
export async function writeDocuments(results: Results): Promise<string[]> {
  const performance = 'docs/performance.md';
  let page = await readFile(file(performance), 'utf8');
  for (const [name, { machine, seconds, tables }] of Object.entries(results)) {
    const measured = `Measured in ${seconds} s: ${machineLine(machine)}.`;
    page = replaced(page, name, [measured, ...tables.map(markdownOf)].join('\n\n'));
  }
  await writeFile(file(performance), page);

  const picture = 'docs/cold-start.svg';
  await writeFile(file(picture), coldChart(results));
  const readme = await readFile(file('README.md'), 'utf8');
  await writeFile(file('README.md'), replaced(readme, 'summary', summaryOf(results)));
  return [performance, picture, 'README.md'];
}
