import { paths } from '../../paths.ts';
import { t } from '../i18n/index.ts';
import { Link } from './link.tsx';
import { Logo } from './logo.tsx';

/** The portal's name in the header. It leads home. */
export const Wordmark = () => (
  <Link to={paths.home} class="wordmark">
    <Logo />
    <span>
      <span class="wordmark__name notranslate">{t('name')}</span>
      <span class="wordmark__of">{t('portal')}</span>
    </span>
  </Link>
);
