import { type Signal, signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { type Failure, readFailure } from './failure.ts';
import { randomKey } from './random-key.ts';

export interface Task<Input> {
  readonly busy: Signal<boolean>;
  readonly failure: Signal<Failure | undefined>;
  /** Starts the task; a task that is running is not started again. It never rejects: errors go to `failure`. */
  readonly run: (input: Input) => Promise<void>;
}

export interface TaskCall {
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
}

/**
 * A call that a person starts. It reports that it is busy and why it failed. It sends the same input under the same
 * `Idempotency-Key` until an answer arrives: a second press after a broken connection does nothing twice.
 * @param work gets the input and the options to pass to the client; what it throws becomes the failure
 */
function createTask<Input>(work: (input: Input, call: TaskCall) => Promise<unknown>) {
  const busy = signal(false);
  const failure = signal<Failure | undefined>(undefined);
  const ending = new AbortController();
  let unanswered: { readonly input: string; readonly key: string } | undefined;

  async function run(input: Input): Promise<void> {
    if (busy.peek()) return;
    const sent = JSON.stringify(input) ?? '';
    if (unanswered?.input !== sent) unanswered = { input: sent, key: randomKey() };
    busy.value = true;
    failure.value = undefined;
    const { key } = unanswered;
    let keyed = false;
    // Only an operation that sends a key reads it: the client decides that by operation.
    const call: TaskCall = {
      get idempotencyKey() {
        keyed = true;
        return key;
      },
      signal: ending.signal,
    };
    try {
      await work(input, call);
      unanswered = undefined;
    } catch (error) {
      if (ending.signal.aborted) return;
      const read = readFailure(error);
      // The server has answered with a refusal: the next attempt is a new request with a new key.
      if (read.problem && read.kind !== 'unavailable') unanswered = undefined;
      failure.value = { ...read, keyed };
    } finally {
      busy.value = false;
    }
  }
  return { busy, failure, run, end: () => ending.abort() };
}

/** The task of a component; it is aborted when the component is unmounted. */
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
