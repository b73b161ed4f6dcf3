import './texts.ts';
import './help.css';
import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { announce } from '../../state/announce.ts';
import { Link } from '../../ui/link.tsx';
import { Page } from '../../ui/page.tsx';
import FeedbackQuestion from '../feedback/feedback-question.tsx';
import { CallOrContact } from '../pages/call-or-contact.tsx';
import { type Question, questions, topics } from './questions.ts';
import { searchQuestions } from './search.ts';

/** The questions that the flows raise, by topic, and a search that stays in the browser. */
export default function Help() {
  const typed = useSignal('');
  const words = typed.value.trim();
  return (
    <Page title={t('help:title')} lead={t('help:lead')}>
      <SearchField onType={(text) => (typed.value = text)} />
      <div class="stack-wide">
        {words === '' ? <AllQuestions /> : <Results words={words} />}
        <section class="stack">
          <h2>{t('help:still')}</h2>
          <p>{t('help:callText')}</p>
          <CallOrContact />
        </section>
        <FeedbackQuestion flow="help" />
      </div>
    </Page>
  );
}

/** Its text is in no address and in no storage: people write numbers and names into such fields. */
function SearchField({ onType }: { readonly onType: (text: string) => void }) {
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: browsers of 2021 do not know the element.
    <div role="search">
      <label class="field__label" for={id}>
        {t('help:label')}
      </label>
      <span class="field__hint" id={`${id}-hint`}>
        {t('help:hint')}
      </span>
      <div class="field__box">
        <input
          type="search"
          id={id}
          class="field__input"
          dir="auto"
          autocomplete="off"
          enterKeyHint="search"
          aria-describedby={`${id}-hint`}
          onInput={({ currentTarget }) => onType(currentTarget.value)}
        />
      </div>
    </div>
  );
}

const AllQuestions = () => (
  <>
    {topics.map((topic) => (
      <section key={topic}>
        <h2>{t(`help:topics.${topic}`)}</h2>
        {questions
          .filter((question) => question.topic === topic)
          .map((question) => (
            <Answered key={question.id} question={question} />
          ))}
      </section>
    ))}
  </>
);

/** Screen readers hear the number once typing has paused. */
const PAUSE_MS = 800;

function Results({ words }: { readonly words: string }) {
  const found = searchQuestions(words);
  const count = t('help:found', { count: found.length });
  useEffect(() => {
    const timer = setTimeout(() => announce(count), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [words, count]);
  return (
    <section>
      <h2>{t('help:results')}</h2>
      <p class="small soft">{found.length === 0 ? t('help:nothing') : count}</p>
      {found.map((question) => (
        <Answered key={question.id} question={question} />
      ))}
    </section>
  );
}

const Answered = ({ question: { id, page } }: { readonly question: Question }) => (
  <details class="details question">
    <summary>{t(`help:questions.${id}.question`)}</summary>
    <p>{t(`help:questions.${id}.answer`)}</p>
    {page && (
      <Link to={paths[page]} class="way">
        {t(`help:pages.${page}`)}
      </Link>
    )}
  </details>
);
