import './texts.ts';
import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { Link } from '../../ui/link.tsx';
import { Page } from '../../ui/page.tsx';

const NotFound = () => (
  <Page title={t('pages:notFound.title')} lead={t('pages:notFound.text')}>
    <Link to={paths.home} class="button">
      {t('pages:notFound.home')}
    </Link>
  </Page>
);
export default NotFound;
