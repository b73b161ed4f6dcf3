/**
 * Builds what `npm pack` packs into `dist`: `esm` and `cjs`, each with the declarations of all modules. Both folders say in
 * a package.json of their own which of the two they are: Node and TypeScript go by that, also for the declarations.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const client = file('../');
const dist = file('../dist');
const compiler = file('../../node_modules/.bin/tsc');

rmSync(dist, { recursive: true, force: true });
execFileSync(compiler, ['-p', client, '--outDir', `${dist}/esm`], { stdio: 'inherit' });
markAs('module');

mkdirSync(`${dist}/cjs`);
for (const name of readdirSync(`${dist}/esm`).filter((one) => one.endsWith('.d.ts'))) {
  // The compiler leaves `./client.ts` in declarations, which nobody who installs the package has.
  const declarations = readFileSync(`${dist}/esm/${name}`, 'utf8').replace(
    /(['"]\.\/[\w-]+)\.ts(['"])/g,
    '$1.js$2',
  );
  for (const folder of ['esm', 'cjs']) writeFileSync(`${dist}/${folder}/${name}`, declarations);
}
buildSync({
  entryPoints: [file('../src/index.ts')],
  outfile: `${dist}/cjs/index.js`,
  bundle: true,
  format: 'cjs',
  platform: 'neutral',
  // The target of tsconfig.json.
  target: 'es2022',
  logLevel: 'warning',
});
markAs('commonjs');

function markAs(type: 'module' | 'commonjs'): void {
  const folder = type === 'module' ? 'esm' : 'cjs';
  writeFileSync(`${dist}/${folder}/package.json`, `${JSON.stringify({ type })}\n`);
}
