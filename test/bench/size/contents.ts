import type { Metafile } from 'esbuild';

/** What a bundle consists of, in the order in which a table shows it. */
export const parts = [
  'own code',
  'block list',
  'zod',
  'middy',
  '@smithy',
  '@aws-sdk clients',
  '@aws-sdk core',
  'other',
] as const;

export type Part = (typeof parts)[number];

/** The part that a source file belongs to. @param path as in esbuild's metafile, from the project's root */
export function partOf(path: string): Part {
  const [name = ''] = /(?:.*node_modules\/)((?:@[^/]+\/)?[^/]+)/.exec(path)?.slice(1) ?? [];
  if (name === '') return path.endsWith('blocklist-data.ts') ? 'block list' : 'own code';
  if (name === 'zod') return 'zod';
  if (name.startsWith('@middy/')) return 'middy';
  if (name.startsWith('@smithy/')) return '@smithy';
  if (name.startsWith('@aws-sdk/client-')) return '@aws-sdk clients';
  return /^@(aws-sdk|aws|aws-crypto)\//.test(name) ? '@aws-sdk core' : 'other';
}

/**
 * The files that a bundle loads, its entry first.
 * @param later whether to follow `import()` too, which a first request may not need
 */
export function loadedFiles({ outputs }: Metafile, entry: string, later: boolean): string[] {
  const found = new Set<string>();
  const queue = [entry];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const output = outputs[path];
    if (!output || found.has(path)) continue;
    found.add(path);
    const wanted = output.imports.filter(({ kind }) => later || kind !== 'dynamic-import');
    queue.push(...wanted.map((each) => each.path));
  }
  return [...found];
}

/** Bytes of each part in some files of a bundle. */
export function contentsOf({ outputs }: Metafile, files: readonly string[]): Record<Part, number> {
  const bytes = Object.fromEntries(parts.map((part) => [part, 0])) as Record<Part, number>;
  for (const file of files) {
    for (const [path, { bytesInOutput }] of Object.entries(outputs[file]?.inputs ?? {})) {
      bytes[partOf(path)] += bytesInOutput;
    }
  }
  return bytes;
}
