import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = join(root, 'portal/dist');
/** What the portal is made of. */
const sources = ['portal', 'client/src', 'lambdas/core/values', 'package-lock.json'];

/** The portal's files by their path on its host: `/assets/…`. */
export type PortalFiles = ReadonlyMap<string, Buffer>;

/**
 * The built portal, read as a whole; it is built first where its sources are newer. A second or so.
 * @throws Error with what the build said
 */
export async function builtPortal(): Promise<PortalFiles> {
  if (await isStale()) return build();
  // Somebody else may be putting a new one in its place.
  return readAll(dist).catch(build);
}

/** Whether a source is newer than what was built of it. */
export async function isStale(): Promise<boolean> {
  const built = await stat(join(dist, 'index.html')).catch(() => undefined);
  if (!built) return true;
  const times = await Promise.all(sources.map((path) => newest(join(root, path))));
  return Math.max(...times) > built.mtimeMs;
}

async function newest(path: string): Promise<number> {
  const found = await stat(path);
  if (!found.isDirectory()) return found.mtimeMs;
  const below = (await readdir(path)).filter((name) => name !== 'dist');
  return Math.max(0, ...(await Promise.all(below.map((name) => newest(join(path, name))))));
}

/** Beside its place, and moved there whole: two that build at once must not read each other's halves. */
async function build(): Promise<PortalFiles> {
  const scratch = join(root, '.hawiya');
  await mkdir(scratch, { recursive: true });
  const fresh = await mkdtemp(join(scratch, 'portal-'));
  try {
    const vite = join(root, 'node_modules/vite/bin/vite.js');
    const made = join(fresh, 'dist');
    await promisify(execFile)(
      process.execPath,
      [vite, 'build', join(root, 'portal'), '--outDir', made, '--logLevel', 'warn'],
      { cwd: root, env: { ...process.env, NODE_ENV: 'production' } },
    );
    const files = await readAll(made);
    await rename(dist, join(fresh, 'old')).catch(() => {});
    // Where somebody else was quicker, theirs is as good.
    await rename(made, dist).catch(() => {});
    return files;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function readAll(folder: string): Promise<PortalFiles> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((one) => one.isFile());
  return new Map(
    await Promise.all(
      files.map(async ({ parentPath, name }): Promise<[string, Buffer]> => {
        const path = join(parentPath, name);
        return [path.slice(folder.length), await readFile(path)];
      }),
    ),
  );
}
