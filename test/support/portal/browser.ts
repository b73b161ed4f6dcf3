import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import packaged, { inflate } from '@sparticuz/chromium';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';

export interface BrowserOptions {
  /** Of the window, in CSS pixels: 390 is a phone. Also what the media queries see. */
  readonly width?: number;
  readonly height?: number;
  /** What the browser says its person reads; `Accept-Language` and `navigator.language`. */
  readonly locale?: string;
  readonly reducedMotion?: BrowserContextOptions['reducedMotion'];
}

/**
 * What a person has, and nothing that calls home. The package's own switches are for screenshots on Lambda: they turn
 * the web's security off, which is what we want to see at work.
 */
const switches = [
  // Root, as which CI runs, gets no sandbox.
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--no-pings',
  // Nothing but this machine has a name.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
];

/**
 * Opens a page in Chromium, a profile of its own, and closes all of it afterwards, whatever happened. Another tab of the
 * same person is `page.context().newPage()`.
 */
export async function withBrowser<T>(
  run: (page: Page) => Promise<T>,
  options: BrowserOptions = {},
): Promise<T> {
  const browser = await openBrowser();
  try {
    return await run(await browser.open(options));
  } finally {
    await browser.close();
  }
}

/** A browser that the tests of a file share: a profile takes it a moment, and itself a second to start. */
export async function openBrowser() {
  const { executablePath, env } = await executable();
  const browser = await chromium.launch({ executablePath, env, args: switches });
  return {
    /** A page of somebody new, with a profile of their own: closing its context forgets them. */
    async open(options: BrowserOptions = {}): Promise<Page> {
      const { width = 1280, height = 844, locale = 'en', reducedMotion = 'reduce' } = options;
      const viewport = { width, height };
      const context = await browser.newContext({ viewport, locale, reducedMotion });
      return context.newPage();
    },
    close: () => browser.close(),
  };
}

interface Executable {
  readonly executablePath: string;
  readonly env: Record<string, string>;
}

let prepared: Promise<Executable> | undefined;

function executable(): Promise<Executable> {
  prepared ??= unpack().then(withLibraries);
  return prepared;
}

/**
 * The package brings the browser compressed; it is unpacked once a version, seconds of work, and moved to its place whole:
 * a run that was killed half-way, or another at the same time, leaves no half a browser to the next.
 * @returns the folder
 */
async function unpack(): Promise<string> {
  // Its package.json is not among what it exports.
  const root = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '..');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const folder = join(tmpdir(), `hawiya-chromium-${version}`);
  if (existsSync(folder)) return folder;
  const fresh = await mkdtemp(`${folder}-`);
  await unpackInto(fresh, join(root, 'bin'));
  await rename(fresh, folder).catch(async (error: NodeJS.ErrnoException) => {
    await rm(fresh, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  });
  return folder;
}

/** The package knows no folder but the one for temporary files. */
async function unpackInto(folder: string, packed: string): Promise<void> {
  const { TMPDIR } = process.env;
  process.env['TMPDIR'] = folder;
  try {
    // Libraries of Amazon Linux besides, for machines that have none of NSS.
    await Promise.all([packaged.executablePath(), inflate(join(packed, 'al2023.tar.br'))]);
  } finally {
    if (TMPDIR === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = TMPDIR;
  }
}

function withLibraries(folder: string): Executable {
  const executablePath = join(folder, 'chromium');
  const env = { ...process.env } as Record<string, string>;
  if (!existsSync('/etc/fonts')) env['FONTCONFIG_PATH'] = join(folder, 'fonts');
  const missing = spawnSync(executablePath, ['--version'], { env }).status === 127;
  if (missing) env['LD_LIBRARY_PATH'] = join(folder, 'al2023', 'lib');
  return { executablePath, env };
}
