import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Metafile } from 'esbuild';
import { type Bundles, deployedBundles, deployedNames, usualBundles } from '../bundles.ts';
import type { Cell, Table } from '../report/table.ts';
import { contentsOf, loadedFiles, parts } from './contents.ts';

/** esbuild's working directory. The paths in its metafile start there. */
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Bytes of every bundle, and what they consist of. */
export async function measureSizes(): Promise<Table[]> {
  const directory = await mkdtemp(join(tmpdir(), 'hawiya-size-'));
  try {
    const ours = await deployedBundles(join(directory, 'deployed'));
    const usual = await usualBundles(join(directory, 'usual'));
    const rows = await Promise.all(deployedNames.map((name) => rowOf(name, ours, usual)));
    return [tableOf(rows)];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function rowOf(name: string, ours: Bundles, usual: Bundles): Promise<Cell[]> {
  const { metafile } = ours;
  const files = loadedFiles(metafile, relative(root, ours.pathOf(name)), true);
  const code = Buffer.concat(await Promise.all(files.map((path) => readFile(join(root, path)))));
  const usualBytes = bytesOf(usual.metafile, relative(root, usual.pathOf(name)));
  const contents = contentsOf(metafile, files);
  return [
    name,
    code.length / 1000,
    gzipSync(code, { level: 9 }).length / 1000,
    usualBytes / 1000,
    code.length / usualBytes,
    ...parts.map((part) => contents[part] / 1000),
  ];
}

const bytesOf = (metafile: Metafile, entry: string): number =>
  loadedFiles(metafile, entry, true).reduce(
    (sum, path) => sum + (metafile.outputs[path]?.bytes ?? 0),
    0,
  );

const tableOf = (rows: Table['rows']): Table => ({
  title: 'Bundle sizes',
  columns: [
    { name: 'function' },
    { name: 'kB', digits: 0 },
    { name: 'gzip kB', digits: 0 },
    { name: 'usual bundle kB', digits: 0 },
    { name: 'ratio', digits: 2 },
    ...parts.map((name) => ({ name, digits: 0 })),
  ],
  rows,
  notes: [
    'Minified; 1 kB is 1,000 bytes. The columns behind the ratio say what the first one consists of.',
  ],
});
