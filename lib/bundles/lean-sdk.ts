import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));
const adapters = `${root}lambdas/adapters`;

/** A module of a library, and what a bundle holds in its place. */
interface Replacement {
  /** Matches the name by which the library imports the module. */
  readonly imported: RegExp;
  /** Why no function misses it. */
  readonly because: string;
  /** The code of the module in the bundle. */
  readonly code: string;
}

/**
 * What libraries carry and no function uses. Everything a bundle holds is compiled and run at a cold start
 * (docs/decisions/0041).
 */
const replacements: readonly Replacement[] = [
  {
    imported: /^@aws-sdk\/credential-provider-node$/,
    because:
      'Lambda passes credentials in the environment: SSO, INI, IMDS and STS never run (0007)',
    code: `export { defaultProvider } from '${root}lambdas/adapters/environment-credentials.ts';`,
  },
  {
    imported: /^@smithy\/core\/event-streams$/,
    because: 'no call of ours streams events',
    code: `export class EventStreamSerde {
      constructor() { throw new Error('Event streams are not bundled: see lib/bundles/lean-sdk.ts'); }
    }`,
  },
  {
    imported: /^@aws-sdk\/middleware-endpoint-discovery$/,
    because: 'endpoint discovery is off, and DynamoDB serves every call at its regional endpoint',
    code: `export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
      environmentVariableSelector: () => undefined,
      configFileSelector: () => undefined,
      default: undefined,
    };
    export const resolveEndpointDiscoveryConfig = (config) => config;
    export const getEndpointDiscoveryPlugin = () => ({ applyToStack() {} });`,
  },
  {
    imported: /\/loadSharedConfigFiles$/,
    because: 'a function has no ~/.aws; without this, every client would look for its two files',
    code: `export const CONFIG_PREFIX_SEPARATOR = '.';
    export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });`,
  },
  {
    imported: /\/AdaptiveRetryStrategy$/,
    because: 'all clients retry by the standard strategy',
    code: `export class AdaptiveRetryStrategy {}`,
  },
  {
    imported: /\/getInstanceMetadataRegion$/,
    because: 'Lambda passes the region in the environment',
    code: `export const getInstanceMetadataRegion = async () => undefined;`,
  },
  {
    imported: /^\.\/Sha256Js$/,
    because:
      'Node has SHA-256: the SDK takes this implementation in JavaScript where Node has none',
    code: `export class Sha256Js {}`,
  },
  {
    imported: /^@otplib\/plugin-crypto-noble$/,
    because: 'Node has HMAC; a second implementation in JavaScript is larger and slower',
    code: `export { crypto, NodeCryptoPlugin as NobleCryptoPlugin } from '@otplib/plugin-crypto-node';`,
  },
];

/** Leaves out of the bundles what libraries carry and no function uses. */
export const leanSdk: Plugin = {
  name: 'lean-sdk',
  setup(bundle) {
    const namespace = 'replaced';
    for (const { imported, code } of replacements) {
      bundle.onResolve({ filter: imported }, ({ path }) => ({ path, namespace, pluginData: code }));
    }
    bundle.onLoad({ filter: /.*/, namespace }, ({ pluginData }) => ({
      contents: pluginData,
      resolveDir: root,
    }));
    // Read at every build: `npm run dev` builds again after an adapter has changed.
    let named: ReadonlySet<string> = new Set();
    bundle.onStart(() => {
      named = wordsOfAdapters();
    });
    bundle.onLoad(
      { filter: /@aws-sdk\/client-[\w-]+\/dist-es\/schemas\/schemas_0\.js$/ },
      ({ path }) => ({
        contents: withoutUnusedErrors(readFileSync(path, 'utf8'), named),
      }),
    );
    // The SDK sends its version with each call, and imports the whole of package.json for it.
    bundle.onLoad({ filter: /@aws-sdk\/client-[\w-]+\/package\.json$/ }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

/**
 * A client registers a class for each error of its service, up to sixty, and this keeps them in the bundle. An error whose
 * class is not registered comes as the service's base exception, with the same name: what retries and the log read.
 */
function withoutUnusedErrors(schemas: string, named: ReadonlySet<string>): string {
  const registration = /^n0_registry\.registerError\(\w+\$, (\w+)\);$/gm;
  return schemas.replace(registration, (line, error) => (named.has(error) ? line : ''));
}

/** All words that may name an error in the adapters' sources. */
function wordsOfAdapters(): ReadonlySet<string> {
  const files = readdirSync(adapters, { recursive: true, encoding: 'utf8' });
  const words = files
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => readFileSync(join(adapters, name), 'utf8').match(/\b[A-Z]\w+\b/g) ?? []);
  return new Set(words);
}
