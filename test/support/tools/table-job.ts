import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { inject } from 'vitest';
import type { KeyMaterial } from '#core/crypto/keyring.ts';

/** What a command printed, both streams together and the errors alone, and how it ended. */
interface Ended {
  readonly printed: string;
  readonly errors: string;
  readonly exitCode: number | null;
}

/**
 * Runs a job as an operator does, as a process with credentials of its own.
 * @param script such as `tools/reseal/reseal.ts`
 * @param secrets the texts that Secrets Manager answers, by ARN
 */
export async function runTableJob(
  script: string,
  args: readonly string[],
  secrets: ReadonlyMap<string, string>,
): Promise<Ended> {
  const manager = await serveSecrets(secrets);
  const child = spawn(process.execPath, [script, ...args], {
    env: {
      ...process.env,
      AWS_REGION: 'me-south-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_DYNAMODB: inject('dynamodbEndpoint'),
      AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.url,
    },
  });
  const closed = once(child, 'close');
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await closed;
  manager.close();
  return { printed: `${output}${errors}`, errors, exitCode: child.exitCode };
}

/** The texts of secrets as Secrets Manager stores them, by their names in place of ARNs. */
export const textsOf = (materials: Readonly<Record<string, KeyMaterial>>): Map<string, string> =>
  new Map(Object.entries(materials).map(([name, material]) => [name, textOf(material)]));

const textOf = ({ versions }: KeyMaterial): string =>
  JSON.stringify(
    Object.fromEntries(
      versions.flatMap(({ version, secret, from }) => [
        [version, secret],
        ...(from > 0 ? [[`${version}.from`, new Date(from * 1000).toISOString()]] : []),
      ]),
    ),
  );

/** Answers `GetSecretValue`. */
async function serveSecrets(secrets: ReadonlyMap<string, string>) {
  const server = createServer(async (request, response) => {
    const { SecretId } = JSON.parse(await text(request));
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify({ SecretString: secrets.get(SecretId) ?? '' }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
