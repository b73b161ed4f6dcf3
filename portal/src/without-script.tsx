import type { ComponentType } from 'preact';
import { paths } from '../paths.ts';
import NotFound from './flows/pages/not-found.tsx';
import ar from './i18n/ar/noscript.ts';
import en from './i18n/en/noscript.ts';
import { addTexts, language, leftToRight, t } from './i18n/index.ts';
import { Link } from './ui/link.tsx';
import { Page } from './ui/page.tsx';
import { Wordmark } from './ui/wordmark.tsx';

addTexts('noscript', { ar, en });

const script = leftToRight('JavaScript');

/**
 * What a page shows in one language where the browser runs no script. Only the build renders it: no script of the portal
 * has these texts. All of it works without a script: links and places in the page.
 * @param props.reading the page itself, where it can be read without a script
 */
export const WithoutScript = ({ reading: Reading }: { readonly reading?: ComponentType }) => (
  <div class="shell" {...inLanguage()}>
    <div class="official">
      <p class="shell__bar">
        {t('official.claim')}. {t('official.address', { ending: leftToRight('.gov.sa') })}{' '}
        {t('official.secure', { beginning: leftToRight('https://') })}
      </p>
    </div>
    <Header />
    <div class="main stack-wide">
      {Reading ? (
        <>
          <p>{t('noscript:reading', { script })}</p>
          <Reading />
          <section class="stack">
            <h2>{t('noscript:title', { script })}</h2>
            <Instructions />
          </section>
        </>
      ) : (
        <Page title={t('noscript:title', { script })} lead={t('noscript:needs')}>
          <Instructions />
        </Page>
      )}
    </div>
  </div>
);

/** What an address that nothing stands at shows without a script. It is short: the host has room for one small page. */
export const NotFoundWithoutScript = () => (
  <div class="main" {...inLanguage()}>
    <NotFound />
  </div>
);

const inLanguage = () => ({
  id: language.value,
  lang: language.value,
  dir: language.value === 'ar' ? ('rtl' as const) : ('ltr' as const),
});

function Header() {
  const other = language.value === 'ar' ? 'en' : 'ar';
  return (
    <div class="header">
      <div class="shell__bar">
        <Wordmark />
        <div class="header__links">
          <a class="header__link" href={`#${other}`} lang={other} dir="auto">
            {t('otherLanguage')}
          </a>
        </div>
      </div>
    </div>
  );
}

const Instructions = () => (
  <>
    <h2>{t('noscript:howTitle')}</h2>
    <ul class="points">
      <li>{t('noscript:how.android', { script, browser: leftToRight('Chrome') })}</li>
      <li>{t('noscript:how.iphone', { script, browser: leftToRight('Safari') })}</li>
      <li>{t('noscript:how.computer', { script })}</li>
      <li>{t('noscript:how.blocker')}</li>
    </ul>
    <p>{t('noscript:how.reload')}</p>
    <h2>{t('noscript:cannotTitle')}</h2>
    <p>{t('noscript:cannot')}</p>
    <p>
      <a class="button" href="tel:937">
        {t('call')}
      </a>
    </p>
    <p>{t('noscript:readable')}</p>
    <ul class="points">
      <li>
        <Link to={paths.help}>{t('help')}</Link>
      </li>
      <li>
        <Link to={paths.privacy}>{t('privacy')}</Link>
      </li>
      <li>
        <Link to={paths.accessibility}>{t('accessibility')}</Link>
      </li>
    </ul>
  </>
);
