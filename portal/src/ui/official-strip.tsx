import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { leftToRight, t } from '../i18n/index.ts';
import { useSiteConfig } from '../state/site-config.ts';

/** On top of every page: says that the site is official, and how people tell it from a copy. */
export function OfficialStrip() {
  const details = useRef<HTMLDetailsElement>(null);
  const opened = useSignal(false);
  const noteIfOpen = () => {
    if (details.current?.open) opened.value = true;
  };
  // The first screen can be opened before this script listens.
  useEffect(noteIfOpen, []);
  return (
    <section class="official" aria-label={t('official.label')}>
      <details ref={details} class="shell__bar" onToggle={noteIfOpen}>
        <summary>
          <span>{t('official.claim')}</span> <span class="official__how">{t('official.how')}</span>
        </summary>
        <ul class="points">
          <li>{t('official.address', { ending: leftToRight('.gov.sa') })}</li>
          <li>{t('official.secure', { beginning: leftToRight('https://') })}</li>
          <RegistrationNumber wanted={opened.value} />
        </ul>
        <p>{t('official.doubt')}</p>
      </details>
    </section>
  );
}

/** The stage's own number, which no HTML file has. It is loaded once somebody looks. */
function RegistrationNumber({ wanted }: { readonly wanted: boolean }) {
  const site = useSiteConfig(wanted);
  // Another part of the page may have loaded the values before.
  if (!wanted || site === undefined) return null;
  if (site === 'failed') return <li>{t('official.noNumber')}</li>;
  return <li>{t('official.number', { number: leftToRight(site.registrationNumber) })}</li>;
}
