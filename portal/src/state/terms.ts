import { type ReadonlySignal, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Answer } from '../../../client/src/index.ts';
import { type Language, language, t } from '../i18n/index.ts';
import { announce } from './announce.ts';
import { type Failure, readFailure } from './failure.ts';
import { client } from './session.ts';

export type Terms = Answer<'readTerms'>['terms'];

const byLanguage: Record<Language, ReturnType<typeof signal<Terms | undefined>>> = {
  ar: signal(),
  en: signal(),
};
const failure = signal<Failure | undefined>(undefined);

const underway = new Set<Language>();

async function load(): Promise<void> {
  const asked = language.peek();
  if (underway.has(asked)) return;
  underway.add(asked);
  failure.value = undefined;
  try {
    const { terms } = await client.readTerms();
    byLanguage[terms.language].value = terms;
  } catch (error) {
    failure.value = readFailure(error);
  } finally {
    underway.delete(asked);
  }
}

function awaitThem(): void {
  announce(t('loading'));
  load();
}

interface TermsState {
  readonly terms: ReadonlySignal<Terms | undefined>;
  readonly failure: ReadonlySignal<Failure | undefined>;
  /** Fetches them anew: after a failure, or where the person accepted what has changed meanwhile. */
  readonly again: () => void;
  /** The same for who goes on before they are there: says that they are being fetched. */
  readonly await: () => void;
}

/** The terms of use in the page's language, from the API. */
export function useTerms(): TermsState {
  const said = language.value;
  const terms = byLanguage[said];
  useEffect(() => {
    if (!byLanguage[said].peek()) load();
  }, [said]);
  return { terms, failure, again: load, await: awaitThem };
}
