import type { Clock } from '#core/system.ts';
import { type NamedTexts, readNamedTexts, type SecretAt } from './named-texts.ts';

/** Seconds after which a changed key takes effect. */
const keptSeconds = 300;

interface Options extends SecretAt {
  readonly clock: Clock;
}

/**
 * Keys of the SMS providers: those to send with, or those of their receipts. Each set is a secret of its own, a JSON
 * object of texts by name, read again every five minutes.
 * @returns a function that throws if the secret cannot be read or lacks the name; never with its content
 */
export function createProviderKeys(options: Options): (name: string) => Promise<string> {
  let reading: Promise<NamedTexts> | undefined;
  let readAt = 0;

  function current(): Promise<NamedTexts> {
    const now = options.clock();
    if (reading && now - readAt < keptSeconds) return reading;
    readAt = now;
    const fresh = readNamedTexts(options, 'the SMS providers');
    reading = fresh;
    // A failed read is not kept, so the next call reads again.
    fresh.catch(() => {
      if (reading === fresh) reading = undefined;
    });
    return fresh;
  }

  return async (name) => {
    const secret = await current();
    const value = Object.hasOwn(secret, name) ? secret[name] : undefined;
    if (value === undefined) throw new Error(`The secret of the SMS providers has no key ${name}`);
    return value;
  };
}
