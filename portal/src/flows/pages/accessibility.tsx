import './notices-texts.ts';
import { formatDay } from '../../i18n/dates.ts';
import { leftToRight, t } from '../../i18n/index.ts';
import { Page } from '../../ui/page.tsx';
import { CallOrContact } from './call-or-contact.tsx';
import { NoticeSection } from './notice-section.tsx';

/** Change it with the text. */
const updatedAt = '2026-11-30T09:00:00Z';

/** The accessibility statement: what works, what does not yet, and how people say that something is hard. */
export default function Accessibility() {
  return (
    <Page title={t('notices:accessibility.title')} lead={t('notices:accessibility.lead')}>
      <div class="stack-wide">
        <NoticeSection
          title={t('notices:accessibility.works.title')}
          points={[
            t('notices:accessibility.works.keyboard'),
            t('notices:accessibility.works.reader'),
            t('notices:accessibility.works.zoom'),
            t('notices:accessibility.works.colours'),
            t('notices:accessibility.works.calm'),
          ]}
        />
        <NoticeSection
          title={t('notices:accessibility.limits.title')}
          points={[
            t('notices:accessibility.limits.script', { script: leftToRight('JavaScript') }),
            t('notices:accessibility.limits.sms'),
            t('notices:accessibility.limits.time'),
            t('notices:accessibility.limits.tested'),
          ]}
        />
        <section class="stack">
          <h2>{t('notices:accessibility.standard.title')}</h2>
          <p>
            {t('notices:accessibility.standard.text', {
              standard: leftToRight('WCAG 2.2'),
              level: leftToRight('AA'),
            })}
          </p>
        </section>
        <section class="stack">
          <h2>{t('notices:accessibility.tell.title')}</h2>
          <p>{t('notices:accessibility.tell.text')}</p>
          <CallOrContact />
        </section>
        <p class="small soft">{t('notices:updated', { day: formatDay(updatedAt) })}</p>
      </div>
    </Page>
  );
}
