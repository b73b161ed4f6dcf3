import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { Link } from '../../ui/link.tsx';

/** The link below every page of the account. */
export const BackToAccount = () => (
  <p class="to-account">
    <Link to={paths.account}>{t('account:back')}</Link>
  </p>
);
