import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = join(root, 'portal/dist');
/** Files and folders that the portal is built from. */
const sources = ['portal', 'client/src', 'lambdas/core/values', 'package-lock.json'];

/** The portal's files by their path on the portal's host: `/assets/…`. */
export type PortalFiles = ReadonlyMap<string, Buffer>;

/**
 * Reads the built portal into memory. If its sources are newer, it is built first, in about a
 * second.
 * @throws Error with the build's output
 */
export async function builtPortal(): Promise<PortalFiles> {
  if (await isStale()) return build();
  // A parallel build may be replacing the folder.
  return readAll(dist).catch(build);
}

/** Whether a source is newer than the build. */
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

/** Builds in a scratch folder and renames it: parallel builds must not read each other's halves. */
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
    // The rename fails if a parallel build was faster. Its result is the same.
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
