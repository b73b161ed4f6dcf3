import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** Phones that people still have: Android's WebView of 2021, iOS 15. */
const oldest = ['chrome90', 'safari15', 'firefox91'];

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  build: {
    target: oldest,
    cssTarget: oldest,
    // Nothing inline: the content security policy knows files alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    emptyOutDir: true,
    reportCompressedSize: false,
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
