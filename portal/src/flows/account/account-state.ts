import { effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Answer } from '../../../../client/src/index.ts';
import { type Failure, readFailure } from '../../state/failure.ts';
import { client, session } from '../../state/session.ts';

export type Account = Answer<'readAccount'>['account'];

/** What is kept in memory while somebody is logged in, and forgotten with the session. */
export function personal<T>(none: T): Signal<T> {
  const kept = signal(none);
  effect(() => {
    if (session.value !== 'in') kept.value = none;
  });
  return kept;
}

const account = personal<Account | undefined>(undefined);
const failure = personal<Failure | undefined>(undefined);

/** What an answer said of the account. */
export function rememberAccount(known: Account): void {
  account.value = known;
}

let newest = 0;

async function load(): Promise<void> {
  newest += 1;
  const mine = newest;
  // What comes after the session it was asked for belongs to nobody who is here.
  const counts = () => mine === newest && session.peek() === 'in';
  failure.value = undefined;
  try {
    const answer = await client.readAccount();
    if (counts()) account.value = answer.account;
  } catch (error) {
    if (counts()) failure.value = readFailure(error);
  }
}

interface AccountState {
  readonly account: ReadonlySignal<Account | undefined>;
  readonly failure: ReadonlySignal<Failure | undefined>;
  readonly again: () => void;
}

/** The account as it was last told, at once, and as it is now as soon as that is here. */
export function useAccount(): AccountState {
  useEffect(() => {
    load();
  }, []);
  return { account, failure, again: load };
}
