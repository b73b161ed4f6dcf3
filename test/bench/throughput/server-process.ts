import { fork } from 'node:child_process';
import { once } from 'node:events';

export interface ServerProcess {
  readonly url: string;
  /** What the process answers to a message. */
  ask<Answer>(): Promise<Answer>;
  stop(): Promise<void>;
}

/**
 * Starts a server in a process of its own, which sends its address as its first message and ends when it is disconnected.
 * @throws Error if it ends before that
 */
export async function startServer(entry: URL, environment = {}): Promise<ServerProcess> {
  const child = fork(entry, {
    env: { ...process.env, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const early = ended.then(() => {
    throw new Error(`${entry.pathname} ended before it answered`);
  });
  early.catch(() => undefined);
  const [url] = (await Promise.race([once(child, 'message'), early])) as [string];
  return {
    url,
    async ask<Answer>() {
      const answer = once(child, 'message');
      child.send('memory');
      return (await answer)[0] as Answer;
    },
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
