import type { FunctionDefinition, FunctionOptions } from './function-definition.ts';
import { type Outcome, openSandbox, runtimeExited } from './function-sandbox.ts';

export interface Functions {
  /**
   * Runs a function. Concurrent invocations share its sandbox.
   * @throws Error if there is no such function
   */
  invoke(functionName: string, event: unknown): Promise<Outcome>;
  /** Ends the sandbox as a crash would. The next invocation gets a new one. */
  kill(functionName: string): Promise<void>;
  /** Opens a sandbox with the bundle as it is now. Invocations that already run end in the old one. */
  restart(functionName: string): Promise<void>;
  /** Tells sandboxes of a function apart: the number changes when one ends. */
  sandbox(functionName: string): number;
  stop(): Promise<void>;
}

export type { Outcome };

/** Starts every function in its own sandbox, so that no request waits for a cold start. */
export async function startFunctions(
  definitions: FunctionDefinition[],
  options: FunctionOptions,
): Promise<Functions> {
  const running = new Map(definitions.map((d) => [d.name, openSandbox(d, options)]));
  const opened = new Set(running.values());
  const named = (name: string) => {
    const found = running.get(name);
    if (found) return found;
    throw new Error(`There is no function ${name}`);
  };
  await Promise.all([...running.values()].map(({ ready }) => ready));
  let stopped = false;
  return {
    invoke: async (name, event) => (stopped ? runtimeExited('') : named(name).invoke(event)),
    kill: async (name) => named(name).end(runtimeExited),
    async restart(name) {
      const old = named(name);
      const fresh = openSandbox(old.definition, options, old.sandbox());
      opened.add(fresh);
      await fresh.ready;
      // After a stop the fresh sandbox is ended already.
      if (stopped) return;
      running.set(name, fresh);
      await old.idle();
      await old.end(runtimeExited);
      opened.delete(old);
    },
    sandbox: (name) => named(name).sandbox(),
    async stop() {
      stopped = true;
      await Promise.all([...opened].map(({ end }) => end(runtimeExited)));
    },
  };
}
