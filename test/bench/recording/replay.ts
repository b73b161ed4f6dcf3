import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Certificate } from './certificate.ts';
import type { Recordings } from './recording.ts';
import type { ReplaySetup } from './replay-server.ts';

const entry = new URL('./replay-server.ts', import.meta.url);

/** Starts the process that answers recorded calls. @returns its address */
export async function startReplay(recordings: Recordings, certificate?: Certificate) {
  const child = fork(entry, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const { latest, recordings: all } = recordings;
  child.send({ latest, recordings: all, certificate } satisfies ReplaySetup);
  const [url] = (await once(child, 'message')) as [string];
  return {
    url,
    async stop() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

/**
 * The environment in which a function is replayed: what the template and Lambda give it, and where AWS is.
 * @param endpoint with the path of the replay
 */
export function replayEnvironment(
  { environments }: Recordings,
  functionName: string,
  endpoint: string,
): Record<string, string> {
  return {
    ...environments[functionName],
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    AWS_REGION: 'me-south-1',
    AWS_DEFAULT_REGION: 'me-south-1',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
    AWS_ACCESS_KEY_ID: 'ASIABENCH',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_SESSION_TOKEN: 'bench',
    AWS_ENDPOINT_URL: endpoint,
    // Lambda has no such files. Here the SDK would read the developer's own.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
}
