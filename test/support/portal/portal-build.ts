import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PortalBuild } from '../../../lib/portal/portal-build.ts';
import { referenceHeaders } from '../../../openapi/reference/files.ts';

const files: Readonly<Record<string, string>> = {
  'portal/not-found.html': '<!doctype html><title>هوية</title><p>404</p>',
  'portal/index.html': '<!doctype html><title>هوية</title><script src="/boot.js"></script>',
  'portal/login.html': '<!doctype html><title>هوية</title><template lang="ar">الدخول</template>',
  'portal/boot.js': '// sets the language',
  'portal/mark.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'portal/assets/index-abc.js': '// the portal',
  'problems/index.html': '<!doctype html>',
  'problems/code_incorrect.html': '<!doctype html>',
  'problems/problems.css': 'body {}',
  'reference/index.html': '<!doctype html>',
  'reference/scalar.js': '// the page',
  'reference/headers.json': JSON.stringify(referenceHeaders),
};

/** A small copy of what `npm run build` makes, so that tests of the template need no real build. */
export function fixtureBuild(): { build: PortalBuild; remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), 'hawiya-build-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return {
    build: {
      portal: join(root, 'portal'),
      reference: join(root, 'reference'),
      problems: join(root, 'problems'),
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
