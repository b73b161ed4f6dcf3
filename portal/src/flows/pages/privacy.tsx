import './notices-texts.ts';
import { paths } from '../../../paths.ts';
import { formatDay } from '../../i18n/dates.ts';
import { t } from '../../i18n/index.ts';
import { Link } from '../../ui/link.tsx';
import { Page } from '../../ui/page.tsx';
import { NoticeSection } from './notice-section.tsx';

/** Change it with the text. */
const updatedAt = '2026-11-30T09:00:00Z';

/** The privacy notice: what Hawiya keeps, in the order in which people ask. */
export default function Privacy() {
  return (
    <Page title={t('notices:privacy.title')} lead={t('notices:privacy.lead')}>
      <div class="stack-wide">
        <NoticeSection
          title={t('notices:privacy.keep.title')}
          points={[
            t('notices:privacy.keep.given'),
            t('notices:privacy.keep.password'),
            t('notices:privacy.keep.log'),
            t('notices:privacy.keep.not'),
          ]}
        />
        <NoticeSection
          title={t('notices:privacy.why.title')}
          points={[
            t('notices:privacy.why.prove'),
            t('notices:privacy.why.warn'),
            t('notices:privacy.why.guard'),
          ]}
        />
        <NoticeSection
          title={t('notices:privacy.long.title')}
          points={[
            t('notices:privacy.long.account'),
            t('notices:privacy.long.log'),
            t('notices:privacy.long.code'),
            t('notices:privacy.long.after'),
          ]}
        />
        <NoticeSection
          title={t('notices:privacy.who.title')}
          points={[
            t('notices:privacy.who.operator'),
            t('notices:privacy.who.services'),
            t('notices:privacy.who.nobody'),
          ]}
        />
        <NoticeSection
          title={t('notices:privacy.browser.title')}
          points={[
            t('notices:privacy.browser.session'),
            t('notices:privacy.browser.choices'),
            t('notices:privacy.browser.opinion'),
          ]}
        />
        <NoticeSection
          title={t('notices:privacy.rights.title')}
          points={[
            t('notices:privacy.rights.copy'),
            t('notices:privacy.rights.correct'),
            t('notices:privacy.rights.erase'),
            t('notices:privacy.rights.ask'),
          ]}
        />
        <p>
          <Link to={paths.contact} class="way">
            {t('contact')}
          </Link>
        </p>
        <p class="small soft">{t('notices:updated', { day: formatDay(updatedAt) })}</p>
      </div>
    </Page>
  );
}
