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

const loading = new Set<Language>();

async function load(): Promise<void> {
  const asked = language.peek();
  if (loading.has(asked)) return;
  loading.add(asked);
  failure.value = undefined;
  try {
    const { terms } = await client.readTerms();
    byLanguage[terms.language].value = terms;
  } catch (error) {
    failure.value = readFailure(error);
  } finally {
    loading.delete(asked);
  }
}

function announceAndLoad(): void {
  announce(t('loading'));
  load();
}

interface TermsState {
  readonly terms: ReadonlySignal<Terms | undefined>;
  readonly failure: ReadonlySignal<Failure | undefined>;
  /** Loads the terms again: after a failure, or after the server called the accepted version outdated. */
  readonly again: () => void;
  /** The same for a person who submits before the terms have arrived: announces that they are loading. */
  readonly announceAndLoad: () => void;
}

/** The terms of use in the page's language, from the API. */
export function useTerms(): TermsState {
  const wanted = language.value;
  const terms = byLanguage[wanted];
  useEffect(() => {
    if (!byLanguage[wanted].peek()) load();
  }, [wanted]);
  return { terms, failure, again: load, announceAndLoad };
}
