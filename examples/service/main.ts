import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { idTokens, type Trust } from './id-tokens.ts';
import { createService } from './service.ts';

const [localCloud] = process.argv.slice(2);
const { PORT = '8080', USER_POOL_ID, CLIENT_ID } = process.env;

const trust = localCloud === undefined ? deployed() : await trustOf(localCloud);
const server = createService(idTokens(trust)).listen(Number(PORT), '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
console.log(`The example service is at http://localhost:${port}/appointments`);

/** @throws Error if the environment names no user pool and client */
function deployed(): Trust {
  if (USER_POOL_ID && CLIENT_ID) return { userPoolId: USER_POOL_ID, clientId: CLIENT_ID };
  throw new Error(
    'Set USER_POOL_ID and CLIENT_ID, or pass the address of a local cloud: http://localhost:3000',
  );
}

/**
 * The user pool and client of a local cloud, which names them itself. Only for a developer's machine: its signing key
 * is in a public package.
 */
async function trustOf(url: string): Promise<Trust> {
  const directory = (await (await fetch(`${url}/local`)).json()) as Required<Trust>;
  const { userPoolId, clientId, jwksUri } = directory;
  return { userPoolId, clientId, jwksUri };
}
