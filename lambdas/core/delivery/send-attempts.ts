import type { Ports } from '../ports/index.ts';
import { maxAttemptsPerProvider } from './retry-policy.ts';
import type { Send } from './send.ts';

/** One time that one provider is asked for a send. */
export interface SendAttempt {
  readonly provider: string;
  /** As it is noted on the item. */
  readonly entry: string;
}

/** The notes on an item of who may have one send of it. */
export function createSendAttempts(
  { entropy }: Pick<Ports, 'entropy'>,
  {
    outbox,
    id,
    sendNumber,
    state,
    retryPolicy,
  }: Pick<Send, 'outbox' | 'id' | 'sendNumber' | 'state' | 'retryPolicy'>,
) {
  const asked = new Set(state.asked);
  const removedAttempts: string[] = [];
  const refusedBy: string[] = [];
  const entriesOf = (provider: string): number =>
    [...asked].filter((entry) => entry.startsWith(`${sendNumber}.${provider}.`)).length;

  return {
    removedAttempts: removedAttempts as readonly string[],
    refusedBy: refusedBy as readonly string[],

    /** The next time a provider may be asked. @param now epoch seconds */
    next(provider: string, now: number): SendAttempt | 'later' | 'never' {
      const before = entriesOf(provider);
      const out = [...(state.failedBy ?? []), ...refusedBy].includes(provider);
      if (out || before >= maxAttemptsPerProvider(retryPolicy)) return 'never';
      const silence = retryPolicy.silences[before - 1] ?? 0;
      const silentUntil = (state.unansweredAt ?? Number.NEGATIVE_INFINITY) + silence;
      if (before > 0 && now < silentUntil) return 'later';
      return { provider, entry: `${sendNumber}.${provider}.${before + 1}` };
    },

    async add({ entry }: SendAttempt): Promise<boolean> {
      const nonce = entropy(12).toString('base64url');
      if (!(await outbox.recordAttempt(id, sendNumber, { entry, nonce }))) return false;
      asked.add(entry);
      return true;
    },

    /** It said no. Needs no write of its own: whatever is written next says it. */
    removeAttempt({ provider, entry }: SendAttempt, forGood: boolean): void {
      asked.delete(entry);
      removedAttempts.push(entry);
      if (forGood) refusedBy.push(provider);
    },

    mayBeOut: (): boolean => [...asked].some((entry) => entry.startsWith(`${sendNumber}.`)),
  };
}
