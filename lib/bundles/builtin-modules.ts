import { isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';

/**
 * Takes Node's own modules by `process.getBuiltinModule`. A static `import` of one reads all of its exports first, and
 * getters among them load further modules: undici from `node:http`, the streams of stdin from `node:process`
 * (docs/decisions/0041).
 */
export const builtinModules: Plugin = {
  name: 'builtin-modules',
  setup(bundle) {
    const namespace = 'builtin';
    bundle.onResolve({ filter: /^[\w:/]+$/ }, ({ path, kind, namespace: importer }) =>
      importer !== namespace && kind === 'import-statement' && isBuiltin(path)
        ? { path, namespace }
        : undefined,
    );
    bundle.onLoad({ filter: /.*/, namespace }, ({ path }) => ({ contents: moduleOf(path) }));
  },
};

/** A module with the same exports. The annotations let esbuild drop those that nothing imports. */
function moduleOf(name: string): string {
  const names = exportsOf(name);
  const exported = names.map((key) => `export const ${key} = /* @__PURE__ */ take('${key}');`);
  return [
    `const module = process.getBuiltinModule('${name}');`,
    'const take = (key) => module[key];',
    ...exported,
    'export default module;',
  ].join('\n');
}

/** Names that can be declared: `default` cannot. */
function exportsOf(name: string): string[] {
  if (/^(node:)?process$/.test(name)) return usedOfProcess;
  const names = Object.keys(process.getBuiltinModule(name) ?? {});
  return names.filter((key) => /^[A-Za-z_]\w*$/.test(key) && key !== 'default');
}

/**
 * What libraries import of `node:process`, which has different exports in every process that bundles. A further import
 * fails the build.
 */
const usedOfProcess = ['env', 'versions'];
