import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { Link } from '../../ui/link.tsx';
import { Page } from '../../ui/page.tsx';
import { progress } from './steps.ts';

export const DoneStep = ({ username }: { readonly username: string }) => (
  <Page
    key="done"
    title={t('register:done.title')}
    steps={progress('done')}
    lead={
      <>
        {t('register:done.lead')} <strong class="ltr">{username}</strong>
      </>
    }
  >
    <p>{t('register:done.next')}</p>
    <Link to={paths.login} class="button">
      {t('logIn')}
    </Link>
  </Page>
);
