import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Failure } from '../../state/failure.ts';
import { useTask } from '../../state/task.ts';

interface Loaded<T> {
  readonly value: ReadonlySignal<T | undefined>;
  readonly failure: ReadonlySignal<Failure | undefined>;
  /** Loads it again. The old value stays until the new one has arrived. */
  readonly again: () => Promise<void>;
}

/** Loads what a page shows when the page opens. */
export function useLoaded<T>(load: () => Promise<T>): Loaded<T> {
  const value = useSignal<T | undefined>(undefined);
  const task = useTask(async () => {
    value.value = await load();
  });
  const again = () => task.run(undefined);
  useEffect(() => {
    again();
  }, []);
  return { value, failure: task.failure, again };
}
