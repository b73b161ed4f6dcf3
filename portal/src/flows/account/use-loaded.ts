import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Failure } from '../../state/failure.ts';
import { useTask } from '../../state/task.ts';

interface Loaded<T> {
  readonly value: ReadonlySignal<T | undefined>;
  readonly failure: ReadonlySignal<Failure | undefined>;
  /** Fetches it anew; what is there stays until it has come. */
  readonly again: () => Promise<void>;
}

/** What a page shows, fetched when it is opened; gone with the page. */
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
