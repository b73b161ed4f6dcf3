import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { notFoundFile } from '../../portal/paths.ts';

/** Directories of the files that `npm run build` makes for the portal's host. */
export interface PortalBuild {
  /** The portal: its HTML files (`portal/paths.ts`), `assets/`, and the other files at the root. */
  readonly portal: string;
  /** The API's reference page. `headers.json` holds the headers it must be served with. */
  readonly reference: string;
  /** One page per problem, at the address in its `type`. */
  readonly problems: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** @throws Error that names the command to run if the build is missing */
export function portalBuild(below = root): PortalBuild {
  const portal = join(below, 'portal/dist');
  const reference = join(below, 'dist/reference');
  const problems = join(below, 'dist/problems');
  const needed = [
    join(portal, 'index.html'),
    join(portal, notFoundFile),
    join(reference, 'headers.json'),
    join(problems, 'index.html'),
  ];
  const missing = needed.filter((path) => !existsSync(path));
  if (missing.length === 0) return { portal, reference, problems };
  throw new Error(`The portal is not built: no ${missing.join(', no ')}. Run npm run build first.`);
}

/** Paths of the portal's files that are neither pages nor in `assets/`. */
export const rootFiles = ({ portal }: PortalBuild): string[] =>
  readdirSync(portal, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.html'))
    .map(({ name }) => `/${name}`)
    .sort();

/** Codes of the problems that have a page. */
export const problemCodes = ({ problems }: PortalBuild): string[] =>
  readdirSync(problems)
    .filter((name) => name.endsWith('.html') && name !== 'index.html')
    .map((name) => name.replace(/\.html$/, ''))
    .sort();

export const notFoundPage = ({ portal }: PortalBuild): string =>
  readFileSync(join(portal, notFoundFile), 'utf8');

export const headersOfReference = ({ reference }: PortalBuild): Record<string, string> =>
  JSON.parse(readFileSync(join(reference, 'headers.json'), 'utf8')) as Record<string, string>;
