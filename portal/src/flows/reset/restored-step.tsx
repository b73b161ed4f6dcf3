import { paths } from '../../../paths.ts';
import { formatDayAndTime } from '../../i18n/dates.ts';
import { t } from '../../i18n/index.ts';
import { Link } from '../../ui/link.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';

/**
 * The end of a reset in the day after a change of phone: the former phone is back, and no password was set.
 * @param resetFrom ISO 8601
 */
export const RestoredStep = ({ resetFrom }: { readonly resetFrom: string }) => (
  <Page title={t('reset:restored.title')} flowTitle={t('reset:title')}>
    <Notice title={t('reset:restored.noPassword')} urgent>
      <p>{t('reset:restored.from', { instant: formatDayAndTime(resetFrom) })}</p>
    </Notice>
    <p>{t('reset:restored.ended')}</p>
    <p>{t('reset:restored.next')}</p>
    <Link to={paths.home} class="button">
      {t('reset:restored.home')}
    </Link>
  </Page>
);
