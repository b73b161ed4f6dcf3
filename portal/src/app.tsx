import './ui/replaceable-texts.ts';
import { useComputed } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { paths } from '../paths.ts';
import { language, switchLanguage, t } from './i18n/index.ts';
import { preload } from './state/page-loader.ts';
import { entry } from './state/router.ts';
import { session } from './state/session.ts';
import { ThemeChoice } from './theme/theme-choice.tsx';
import { Button } from './ui/button.tsx';
import { DidItWork } from './ui/did-it-work.tsx';
import { Link } from './ui/link.tsx';
import { LiveRegions } from './ui/live-regions.tsx';
import { LoadingMessage } from './ui/loading.tsx';
import { Notice } from './ui/notice.tsx';
import { OfficialStrip } from './ui/official-strip.tsx';
import { Page } from './ui/page.tsx';
import { StillHere } from './ui/still-here.tsx';
import { Wordmark } from './ui/wordmark.tsx';

/** The frame around every page. */
export const App = () => (
  <div class="shell">
    {/* biome-ignore lint/a11y/useValidAnchor: it is a link to a place in the page, and works without the script. */}
    <a class="skip" href="#content" onClick={skip}>
      {t('skip')}
    </a>
    <OfficialStrip />
    <Header />
    <main class="main" id="content" tabIndex={-1}>
      <CurrentPage />
      <DidItWork />
    </main>
    <Footer />
    <LiveRegions />
    <StillHere />
  </div>
);

/** Moves the focus itself: the browser's jump would add a history entry, and that entry would have no step. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}

function Header() {
  const other = language.value === 'ar' ? 'en' : 'ar';
  return (
    <header class="header">
      <div class="shell__bar">
        <Wordmark />
        <div class="header__links">
          {session.value === 'in' && (
            <Link to={paths.account} class="header__link">
              {t('myAccount')}
            </Link>
          )}
          <button
            type="button"
            class="header__link"
            lang={other}
            dir="auto"
            onClick={() => switchLanguage(other)}
          >
            {t('otherLanguage')}
          </button>
        </div>
      </div>
    </header>
  );
}

const Footer = () => (
  <footer class="footer">
    <div class="shell__bar">
      <Link to={paths.help}>{t('help')}</Link>
      <Link to={paths.terms}>{t('terms')}</Link>
      <Link to={paths.privacy}>{t('privacy')}</Link>
      <Link to={paths.accessibility}>{t('accessibility')}</Link>
      <Link to={paths.contact}>{t('contact')}</Link>
      <ThemeChoice />
    </div>
  </footer>
);

function CurrentPage() {
  const path = useComputed(() => entry.value.path).value;
  // Once a path, not at every render: a script that failed to load would otherwise be requested without end.
  const loaded = useMemo(() => preload(path), [path]).value;
  if (loaded === undefined) return <LoadingMessage />;
  if (loaded !== 'failed') return <loaded.page key={path} />;
  return (
    <Page key="missing" title={t('chunk.title')}>
      <Notice tone="warn" urgent>
        <p>{t('chunk.text')}</p>
        <Button kind="text" onPress={() => location.reload()}>
          {t('tryAgain')}
        </Button>
      </Notice>
    </Page>
  );
}
