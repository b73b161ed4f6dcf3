import { readFileSync } from 'node:fs';
import scalar from '@scalar/fastify-api-reference';
import document from '../../docs/openapi.json' with { type: 'json' };

/** A file of the reference page. */
export interface ReferenceFile {
  /** Beside the others: `index.html`. */
  readonly name: string;
  readonly contentType: string;
  readonly text: string;
}

/** The page includes all it needs and makes no requests. Only its own script writes styles. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * Headers that the page must be served with. The sandbox takes its origin away: the page holds four megabytes of
 * third-party script on the portal's own host. Without an origin the script can neither call the API with a person's
 * cookies nor read what the portal stores.
 */
export const referenceHeaders = {
  'content-security-policy': `${policy}; frame-ancestors 'none'; sandbox allow-scripts`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Turns off every feature that would make requests: fonts, telemetry, chat, trying out the API. */
const configuration = {
  content: document,
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  hideTestRequestButton: true,
  showDeveloperTools: 'never',
  documentDownloadType: 'none',
};

/** The API's complete reference page: files for any web server. */
export function referenceFiles(): ReferenceFile[] {
  const html = sibling('index.html').replace('{{policy}}', policy);
  const start = `Scalar.createApiReference('#app', ${JSON.stringify(configuration)});\n`;
  return [
    { name: 'index.html', contentType: 'text/html; charset=utf-8', text: html },
    javaScript('storage.js', sibling('storage.js')),
    javaScript('scalar.js', scalarScript()),
    javaScript('reference.js', start),
  ];
}

const sibling = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

const javaScript = (name: string, text: string): ReferenceFile => ({
  name,
  text,
  contentType: 'text/javascript; charset=utf-8',
});

interface Reply {
  header(): Reply;
  send(text: string): Reply;
}

interface ScriptRoute {
  readonly url: string;
  handler(request: object, reply: Reply): void;
}

/**
 * Scalar's page in one script. The package is a web server's plugin that serves the script at a route; this function
 * calls that route without a server. (`@scalar/api-reference`, which has the script as a file, brings three hundred
 * packages.)
 * @throws Error if the package no longer has it
 */
function scalarScript(): string {
  const routes: ScriptRoute[] = [];
  const server = { hasPlugin: () => false, route: (route: ScriptRoute) => routes.push(route) };
  const register = scalar as unknown as (
    on: typeof server,
    options: object,
    done: () => void,
  ) => void;
  register(server, { configuration: { url: '-' } }, () => undefined);
  let script = '';
  const reply: Reply = {
    header: () => reply,
    send(text) {
      script = text;
      return reply;
    },
  };
  routes.find(({ url }) => url.endsWith('.js'))?.handler({}, reply);
  if (!script.includes('createApiReference'))
    throw new Error('The Scalar package no longer contains the script of the page');
  return script;
}
