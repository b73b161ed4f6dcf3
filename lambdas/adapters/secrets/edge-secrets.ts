import type { Clock } from '#core/system.ts';
import { readNamedTexts, type SecretAt } from './named-texts.ts';

/** Seconds after which a value that was added or taken away is seen. */
const keptSeconds = 300;

/** Characters of the shortest value: what is shorter may be guessed, and counts for nothing. */
const shortest = 32;

interface Options extends SecretAt {
  readonly clock: Clock;
}

/**
 * The values by which the edge before the API is known, any of which is good: two while one replaces the other.
 * @returns a function that throws where the secret was never read; a later reading that fails leaves what was held, for
 *   without it everybody behind the edge would share the budgets of its addresses
 */
export function createEdgeSecrets({ clock, ...at }: Options): () => Promise<readonly string[]> {
  let held: readonly string[] | undefined;
  let reading: Promise<readonly string[]> | undefined;
  let readAt = Number.NEGATIVE_INFINITY;

  async function read(): Promise<readonly string[]> {
    const texts = Object.values(await readNamedTexts(at, 'the edge'));
    held = texts.filter(({ length }) => length >= shortest);
    return held;
  }

  function begin(): Promise<readonly string[]> {
    readAt = clock();
    reading = read()
      .catch((error: unknown) => {
        if (held) return held;
        throw error;
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  }

  return async () => {
    if (!held) return reading ?? begin();
    // Only who begins a renewal waits for it.
    return reading || clock() - readAt < keptSeconds ? held : begin();
  };
}
