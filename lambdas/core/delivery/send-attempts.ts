import type { Ports } from '../ports/index.ts';
import { maxAttemptsPerProvider } from './retry-policy.ts';
import type { Send } from './send.ts';

/** One attempt to send an SMS through one provider. */
export interface SendAttempt {
  readonly provider: string;
  /** The attempt as it is recorded on the item: `<sendNumber>.<provider>.<n>`. */
  readonly entry: string;
}

/**
 * Keeps the attempts of one send. An attempt is recorded on the item before the provider is called; it stays there while
 * its SMS may be out.
 */
export function createSendAttempts(
  { entropy }: Pick<Ports, 'entropy'>,
  {
    outbox,
    id,
    sendNumber,
    state,
    retryPolicy,
    keyVersion,
  }: Pick<Send, 'outbox' | 'id' | 'sendNumber' | 'state' | 'retryPolicy' | 'keyVersion'>,
) {
  const asked = new Set(state.asked);
  const removedAttempts: string[] = [];
  const refusedBy: string[] = [];
  const entriesOf = (provider: string): number =>
    [...asked].filter((entry) => entry.startsWith(`${sendNumber}.${provider}.`)).length;

  return {
    removedAttempts: removedAttempts as readonly string[],
    refusedBy: refusedBy as readonly string[],

    /**
     * Returns the next attempt at a provider: `later` if the provider's wait is not over, `never` if no attempt is left.
     * @param now epoch seconds
     */
    next(provider: string, now: number): SendAttempt | 'later' | 'never' {
      const before = entriesOf(provider);
      const out = [...(state.failedBy ?? []), ...refusedBy].includes(provider);
      if (out || before >= maxAttemptsPerProvider(retryPolicy)) return 'never';
      const silence = retryPolicy.noAnswerWaits[before - 1] ?? 0;
      const silentUntil = (state.unansweredAt ?? Number.NEGATIVE_INFINITY) + silence;
      if (before > 0 && now < silentUntil) return 'later';
      return { provider, entry: `${sendNumber}.${provider}.${before + 1}` };
    },

    /** Records an attempt. @returns false if the send is no longer owed, or a parallel delivery recorded the attempt */
    async add({ entry }: SendAttempt): Promise<boolean> {
      const nonce = entropy(12).toString('base64url');
      if (!(await outbox.recordAttempt(id, sendNumber, { entry, nonce, keyVersion }))) return false;
      asked.add(entry);
      return true;
    },

    /**
     * Removes an attempt that certainly sent nothing. It needs no write of its own: the write that ends the round
     * includes it.
     * @param forGood the provider will never accept this send
     */
    removeAttempt({ provider, entry }: SendAttempt, forGood: boolean): void {
      asked.delete(entry);
      removedAttempts.push(entry);
      if (forGood) refusedBy.push(provider);
    },

    /** Tells whether an SMS of this send may be out. */
    mayBeOut: (): boolean => [...asked].some((entry) => entry.startsWith(`${sendNumber}.`)),
  };
}
