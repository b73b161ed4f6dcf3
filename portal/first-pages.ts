import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, Script } from 'node:vm';
import { build } from 'esbuild';
import type { Plugin, Rolldown } from 'vite';
import { type PageName, pageFiles, paths, prerendered } from './paths.ts';

const languages = ['ar', 'en'] as const;
const container = '<div id="portal"></div>';

/**
 * Writes the HTML file of each prerendered page: `index.html` with the page's first screen in both languages, and with
 * preloads of the page's scripts. The screens are in `<template>` elements. Without a script they stay unseen, because
 * a form without its script would send what was typed to a page.
 */
export function firstPages(): Plugin {
  return {
    name: 'hawiya:first-pages',
    apply: 'build',
    async writeBundle({ dir = '' }, bundle) {
      const index = readFileSync(join(dir, 'index.html'), 'utf8');
      if (!index.includes(container)) throw new Error(`index.html has no ${container}`);
      const render = await screenRenderer();
      for (const name of prerendered) {
        const screens = await Promise.all(
          languages.map(async (language) => {
            const screen = await render(paths[name], language);
            return `<template lang="${language}">${screen}</template>`;
          }),
        );
        const html = index
          .replace(container, () => `${container}\n    ${screens.join('\n    ')}`)
          .replace('</head>', () => `${preloads(name, index, bundle)}  </head>`);
        writeFileSync(join(dir, pageFiles.get(paths[name]) ?? ''), html);
      }
    },
  };
}

type RenderScreen = (path: string, language: string) => Promise<string>;

/** Runs the portal's own components, each screen in a context of its own: modules keep the path and language they start with. */
async function screenRenderer(): Promise<RenderScreen> {
  const { outputFiles } = await build({
    absWorkingDir: import.meta.dirname,
    entryPoints: ['src/prerender.tsx'],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'prerender',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.css': 'empty' },
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'warning',
  });
  const script = new Script(outputFiles[0]?.text ?? '', { filename: 'prerender.js' });
  return async (path, language) => {
    const context = createContext(pageGlobals(path, language));
    script.runInContext(context);
    return (await context['prerender'].renderFirstScreen()) as string;
  };
}

/** What the modules of the portal read of a page while they load. Everything else is missing, so that it is noticed. */
function pageGlobals(path: string, language: string) {
  const listen = () => {};
  return {
    location: { pathname: path },
    history: { state: null },
    document: { documentElement: { lang: language, dataset: {} }, addEventListener: listen },
    addEventListener: listen,
    crypto,
    performance,
    setTimeout,
    clearTimeout,
    AbortController,
  };
}

/** Preloads of the scripts that the page loads after the first one, and that `index.html` does not name. */
function preloads(name: PageName, index: string, bundle: Rolldown.OutputBundle): string {
  const chunks = Object.values(bundle).filter((output) => output.type === 'chunk');
  const page = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(`/${name}.tsx`));
  // The first page is in the first script.
  if (!page) return '';
  const needed = new Set<string>();
  const add = (file: string) => {
    if (needed.has(file)) return;
    needed.add(file);
    const chunk = bundle[file];
    if (chunk?.type === 'chunk') chunk.imports.forEach(add);
  };
  add(page.fileName);
  return [...needed]
    .filter((file) => !index.includes(file))
    .map((file) => `  <link rel="modulepreload" crossorigin href="/${file}">\n  `)
    .join('');
}
