import { effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Answer } from '../../../../client/src/index.ts';
import { type Failure, readFailure } from '../../state/failure.ts';
import { client, session } from '../../state/session.ts';

export type Account = Answer<'readAccount'>['account'];

/** A signal that lives as long as the session. At its end the value becomes `empty` again. */
export function sessionSignal<T>(empty: T): Signal<T> {
  const kept = signal(empty);
  effect(() => {
    if (session.value !== 'in') kept.value = empty;
  });
  return kept;
}

const account = sessionSignal<Account | undefined>(undefined);
const failure = sessionSignal<Failure | undefined>(undefined);

/** Takes the account from an answer of the API. */
export function rememberAccount(known: Account): void {
  account.value = known;
}

let loads = 0;

async function load(): Promise<void> {
  loads += 1;
  const mine = loads;
  // Drop an answer that a newer load or the end of the session has overtaken: it may be another person's account.
  const isCurrent = () => mine === loads && session.peek() === 'in';
  failure.value = undefined;
  try {
    const answer = await client.readAccount();
    if (isCurrent()) account.value = answer.account;
  } catch (error) {
    if (isCurrent()) failure.value = readFailure(error);
  }
}

interface AccountState {
  readonly account: ReadonlySignal<Account | undefined>;
  readonly failure: ReadonlySignal<Failure | undefined>;
  readonly again: () => void;
}

/** The account as it was last read, and as it is now as soon as the server has answered. */
export function useAccount(): AccountState {
  useEffect(() => {
    load();
  }, []);
  return { account, failure, again: load };
}
