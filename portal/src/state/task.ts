import { type Signal, signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { type Failure, readFailure } from './failure.ts';
import { randomKey } from './random-key.ts';

export interface Task<Input> {
  readonly busy: Signal<boolean>;
  readonly failure: Signal<Failure | undefined>;
  /** Starts it; one that is under way is not started again. Its outcome is handled inside. */
  readonly run: (input: Input) => Promise<void>;
}

export interface TaskCall {
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
}

/**
 * A call that a person starts. It says that it is busy, keeps why it failed, and sends the same request under the same
 * `Idempotency-Key` until an answer has come: who presses again after a broken connection does nothing twice.
 * @param work gets the input, and what to pass to the client with it; what it throws becomes the failure
 */
export function createTask<Input>(work: (input: Input, call: TaskCall) => Promise<unknown>) {
  const busy = signal(false);
  const failure = signal<Failure | undefined>(undefined);
  const ending = new AbortController();
  let open: { readonly what: string; readonly key: string } | undefined;

  async function run(input: Input): Promise<void> {
    if (busy.peek()) return;
    const what = JSON.stringify(input) ?? '';
    if (open?.what !== what) open = { what, key: randomKey() };
    busy.value = true;
    failure.value = undefined;
    const { key } = open;
    let keyed = false;
    // Who reads the key sends it: the client does so for the operations that have one.
    const call: TaskCall = {
      get idempotencyKey() {
        keyed = true;
        return key;
      },
      signal: ending.signal,
    };
    try {
      await work(input, call);
      open = undefined;
    } catch (error) {
      if (ending.signal.aborted) return;
      const read = readFailure(error);
      // Answered with a no: asking again is another request.
      if (read.problem && read.kind !== 'unavailable') open = undefined;
      failure.value = { ...read, keyed };
    } finally {
      busy.value = false;
    }
  }
  return { busy, failure, run, end: () => ending.abort() };
}

/** A task of a component; it is given up when the component goes. */
export function useTask<Input>(
  work: (input: Input, call: TaskCall) => Promise<unknown>,
): Task<Input> {
  const holder = useMemo(() => {
    const latest = { work };
    return { latest, task: createTask<Input>((input, call) => latest.work(input, call)) };
  }, []);
  holder.latest.work = work;
  useEffect(() => holder.task.end, [holder]);
  return holder.task;
}
