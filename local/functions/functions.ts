import type { FunctionDefinition, FunctionOptions } from './function-definition.ts';
import { type Outcome, openSandbox, runtimeExited } from './function-sandbox.ts';

export interface Functions {
  /**
   * Runs a function. Concurrent invocations share its sandbox.
   * @throws Error if there is no such function
   */
  invoke(functionName: string, event: unknown): Promise<Outcome>;
  /** Opens every sandbox that is not open, and resolves when all can be invoked without a cold start. */
  open(): Promise<void>;
  /** Ends the sandbox as a crash would. The next invocation gets a new one. */
  kill(functionName: string): Promise<void>;
  /** Opens a sandbox with the bundle as it is now. Invocations that already run end in the old one. */
  restart(functionName: string): Promise<void>;
  /** Tells sandboxes of a function apart: the number changes when one ends. */
  sandbox(functionName: string): number;
  stop(): Promise<void>;
}

export type { Outcome };

/** Prepares every function. Each gets a sandbox of its own when it is first invoked: most tests need a few of them. */
export function startFunctions(
  definitions: FunctionDefinition[],
  options: FunctionOptions,
): Functions {
  const running = new Map(definitions.map((d) => [d.name, openSandbox(d, options)]));
  const opened = new Set(running.values());
  const named = (name: string) => {
    const found = running.get(name);
    if (found) return found;
    throw new Error(`There is no function ${name}`);
  };
  let stopped = false;
  return {
    invoke: async (name, event) => (stopped ? runtimeExited('') : named(name).invoke(event)),
    async open() {
      if (!stopped) await Promise.all([...running.values()].map((each) => each.open()));
    },
    kill: async (name) => named(name).end(runtimeExited),
    async restart(name) {
      const old = named(name);
      const fresh = openSandbox(old.definition, options, old.sandbox());
      opened.add(fresh);
      await fresh.open();
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
