import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { Link } from '../../ui/link.tsx';

/** The way to a person: the call centre, and the page with the other ways. */
export const CallOrContact = () => (
  <>
    <a class="button" href="tel:937">
      {t('call')}
    </a>
    <p>
      <Link to={paths.contact} class="way">
        {t('contact')}
      </Link>
    </p>
  </>
);
