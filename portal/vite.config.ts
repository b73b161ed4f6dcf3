import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { firstPages } from './first-pages.ts';

/** The oldest browsers that the portal supports: an Android WebView of 2021, iOS 15. */
const oldest = ['chrome90', 'safari15', 'firefox91'];

/** The local cloud that answers what is not the portal. Only the development server of `npm run dev` calls it. */
const api = process.env['HAWIYA_API'] ?? 'http://localhost:3000';

/**
 * One script for every page, and one for every page with a form. Each request costs an old phone more than the kilobytes
 * that it saves.
 */
const chunks = [
  { name: 'portal', tags: ['$initial' as const], priority: 2 },
  {
    name: 'forms',
    test: /[\\/](portal[\\/]src[\\/](flows[\\/]challenge[\\/]|i18n[\\/](calendars|dates)\.|(rules|state|ui)[\\/])|lambdas[\\/]core[\\/]values[\\/])/,
    minShareCount: 2,
    priority: 1,
  },
];

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [firstPages()],
  server: {
    proxy: {
      '/v1': api,
      '/local': api,
      '/config.json': api,
    },
  },
  build: {
    target: oldest,
    cssTarget: oldest,
    // Keep every asset a file: the content security policy forbids inline content.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    emptyOutDir: true,
    reportCompressedSize: false,
    rolldownOptions: { output: { codeSplitting: { groups: chunks } } },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
