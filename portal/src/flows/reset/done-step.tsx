import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { Link } from '../../ui/link.tsx';
import { Page } from '../../ui/page.tsx';

/** The end of a reset: the person is logged in with the new password. */
export const DoneStep = () => (
  <Page key="done" title={t('reset:done.title')} flowTitle={t('reset:title')}>
    <p>{t('reset:done.loggedIn')}</p>
    <Link to={paths.account} class="button">
      {t('toAccount')}
    </Link>
  </Page>
);
