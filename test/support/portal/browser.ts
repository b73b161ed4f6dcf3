import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import packaged, { inflate } from '@sparticuz/chromium';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Milliseconds after which Playwright gives up. A green run never waits this long. */
const lastResort = 120_000;

export interface BrowserOptions {
  /** The width of the window in CSS pixels, which media queries see too: 390 is a phone. */
  readonly width?: number;
  readonly height?: number;
  /** The language that the browser reports: `Accept-Language` and `navigator.language`. */
  readonly locale?: string;
  readonly reducedMotion?: BrowserContextOptions['reducedMotion'];
  readonly javaScriptEnabled?: boolean;
  /** What the profile has kept of an earlier visit. */
  readonly storageState?: BrowserContextOptions['storageState'];
}

/**
 * The settings of an ordinary browser, without calls to its vendor. The package's own switches are
 * for screenshots on Lambda: they turn web security off, and the tests need it.
 */
const switches = [
  // CI runs as root, which gets no sandbox.
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--no-pings',
  // Only names of this machine resolve.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
];

/**
 * Opens a page in Chromium with a profile of its own, and always closes both afterwards. A second
 * tab of the same person is `page.context().newPage()`.
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

/**
 * A browser that the tests of a file share: a profile opens at once, the browser takes a second to
 * start.
 */
export async function openBrowser() {
  const { executablePath, env } = await executable();
  const browser = await chromium.launch({ executablePath, env, args: switches });
  return {
    /**
     * A page of a new person, with a profile of its own; closing its context deletes the profile.
     */
    async open(options: BrowserOptions = {}): Promise<Page> {
      const { width = 1280, height = 844, locale = 'ar-SA', reducedMotion = 'reduce' } = options;
      const { javaScriptEnabled = true, storageState } = options;
      const viewport = { width, height };
      const context = await browser.newContext({
        viewport,
        locale,
        reducedMotion,
        javaScriptEnabled,
        ...(storageState && { storageState }),
      });
      context.setDefaultTimeout(lastResort);
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
 * The package contains the browser compressed. It is unpacked once per version, which takes
 * seconds, and then moved into place as a whole. A run that was killed, or a parallel run,
 * therefore leaves no incomplete browser.
 * @returns the folder
 */
async function unpack(): Promise<string> {
  // Its package.json is not among its exports.
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

/** The package can unpack only into the folder for temporary files. */
async function unpackInto(folder: string, packed: string): Promise<void> {
  const { TMPDIR } = process.env;
  process.env['TMPDIR'] = folder;
  try {
    // Adds libraries of Amazon Linux, for machines without NSS.
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
