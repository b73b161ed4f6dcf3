import type { Clock } from '#core/system.ts';
import { readNamedTexts, type SecretAt } from './named-texts.ts';

/** Seconds after which an added or removed value takes effect. */
const keptSeconds = 300;

/** Characters of the shortest valid value. A shorter one could be guessed and is ignored. */
const shortest = 32;

interface Options extends SecretAt {
  readonly clock: Clock;
}

/**
 * The values by which the edge proves itself. Any of them is valid: there are two while one replaces the other.
 * @returns a function that throws if the secret was never read. If a later read fails, it returns the last values:
 * without them, everybody behind the edge would share the budgets of the edge's addresses.
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
    // Only the call that begins a renewal waits for it.
    return reading || clock() - readAt < keptSeconds ? held : begin();
  };
}
