import * as z from 'zod';

export interface LockedPackage {
  readonly name: string;
  readonly version: string;
}

const lockfile = z.object({
  lockfileVersion: z.literal(3),
  packages: z.record(
    z.string(),
    z.object({
      /** Present where the package is installed under another name. */
      name: z.string().optional(),
      version: z.string().optional(),
      /** A workspace of the repository itself. */
      link: z.boolean().optional(),
    }),
  ),
});

/**
 * All installed packages of a `package-lock.json`, once by name and version.
 * @throws Error if it is no lock file of version 3, or a package has no version
 */
export function lockedPackages(text: string): LockedPackage[] {
  const found = new Map<string, LockedPackage>();
  for (const [path, entry] of Object.entries(lockfile.parse(JSON.parse(text)).packages)) {
    const at = path.lastIndexOf('node_modules/');
    if (at < 0 || entry.link) continue;
    const name = entry.name ?? path.slice(at + 'node_modules/'.length);
    const { version } = entry;
    if (version === undefined) throw new Error(`package-lock.json: ${path} has no version`);
    found.set(`${name}@${version}`, { name, version });
  }
  return [...found.values()];
}
