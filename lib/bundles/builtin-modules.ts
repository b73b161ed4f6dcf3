import { isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';

/**
 * Takes Node's own modules by `process.getBuiltinModule`. A static `import` of one reads all of its exports first, and
 * getters among them load further modules: `node:http` loads undici, `node:fs` its streams (docs/decisions/0041).
 */
export const builtinModules: Plugin = {
  name: 'builtin-modules',
  setup(bundle) {
    const namespace = 'builtin';
    bundle.onResolve({ filter: /^[\w:/]+$/ }, ({ path, kind, namespace: importer }) =>
      importer !== namespace && kind === 'import-statement' && isReplaced(path)
        ? { path, namespace }
        : undefined,
    );
    bundle.onLoad({ filter: /.*/, namespace }, ({ path }) => ({ contents: moduleOf(path) }));
  },
};

/** The exports of `node:process` depend on how the process was started, and bundles must not. */
const isReplaced = (name: string): boolean => isBuiltin(name) && !/^(node:)?process$/.test(name);

/** A module with the same exports. The annotations let esbuild drop those that nothing imports. */
function moduleOf(name: string): string {
  const names = Object.keys(process.getBuiltinModule(name) ?? {}).filter(isIdentifier);
  const exported = names.map((key) => `export const ${key} = /* @__PURE__ */ take('${key}');`);
  return [
    `const module = process.getBuiltinModule('${name}');`,
    'const take = (key) => module[key];',
    ...exported,
    'export default module;',
  ].join('\n');
}

/** `default` and the like cannot be declared. */
const isIdentifier = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name) && name !== 'default';
