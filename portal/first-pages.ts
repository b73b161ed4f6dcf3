import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, Script } from 'node:vm';
import { build } from 'esbuild';
import type { Plugin, Rolldown } from 'vite';
import { notFoundFile, type PageName, pageFiles, paths, prerendered, readable } from './paths.ts';

const languages = ['ar', 'en'] as const;
const container = '<div id="portal"></div>';
const noScript = '<noscript></noscript>';

/**
 * Writes into each HTML file what it shows without a script, and makes the files of single pages.
 *
 * A prerendered page has a file with its first screen in both languages, and with preloads of the page's scripts. The
 * screens are in `<template>` elements. Without a script they stay unseen, because a form without its script would send
 * what was typed to a page. A readable page has a file with its text in `<noscript>`.
 */
export function firstPages(): Plugin {
  return {
    name: 'hawiya:first-pages',
    apply: 'build',
    async writeBundle({ dir = '' }, bundle) {
      const index = readFileSync(join(dir, 'index.html'), 'utf8');
      if (!index.includes(container)) throw new Error(`index.html has no ${container}`);
      const renderers = await screenRenderers();
      const write = (file: string, html: string) => writeFileSync(join(dir, file), html);
      const others = withoutScript(index, await inBoth(renderers.instructions));
      write('index.html', others);
      write(notFoundFile, withoutScript(index, await inBoth(renderers.notFound)));
      for (const name of readable) {
        const texts = await inBoth((language) => renderers.readable(paths[name], language));
        write(fileOf(name), withoutScript(index, texts));
      }
      for (const name of prerendered) {
        const screens = await inBoth(async (language) => {
          const screen = await renderers.firstScreen(paths[name], language);
          return `<template lang="${language}">${screen}</template>`;
        });
        const html = others
          .replace(container, () => `${container}\n    ${screens.join('\n    ')}`)
          .replace('</head>', () => `${preloads(name, index, bundle)}  </head>`);
        write(fileOf(name), html);
      }
    },
  };
}

const fileOf = (name: PageName): string => pageFiles.get(paths[name]) ?? '';

const inBoth = (render: (language: string) => string | Promise<string>): Promise<string[]> =>
  Promise.all(languages.map(render));

/** Fills the `<noscript>` of a page. @param texts one for each language */
function withoutScript(html: string, texts: readonly string[]): string {
  if (!html.includes(noScript)) throw new Error(`index.html has no ${noScript}`);
  return html.replace(noScript, () => `<noscript><main>${texts.join('')}</main></noscript>`);
}

/** What `src/prerender.tsx` exports. */
interface Prerender {
  renderFirstScreen(): Promise<string>;
  renderReadable(): Promise<string>;
  renderInstructions(): string;
  renderNotFound(): string;
}

/** Runs the portal's own components, each screen in a context of its own: modules keep the path and language they start with. */
async function screenRenderers() {
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
  const portalAt = (path: string, language: string) => {
    const context = createContext(pageGlobals(path, language));
    script.runInContext(context);
    return context['prerender'] as Prerender;
  };
  return {
    firstScreen: (path: string, language: string) => portalAt(path, language).renderFirstScreen(),
    readable: (path: string, language: string) => portalAt(path, language).renderReadable(),
    instructions: (language: string) => portalAt('', language).renderInstructions(),
    notFound: (language: string) => portalAt('', language).renderNotFound(),
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
