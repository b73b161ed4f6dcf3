import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Link } from '../../ui/link.tsx';
import { Page } from '../../ui/page.tsx';
import { flow } from './steps.ts';

/** Says what comes if both numbers belong together, and what to do if nothing comes. */
export const SentStep = () => (
  <Page
    title={t('username:sent.title')}
    flowTitle={t('username:title')}
    lead={t('username:sent.text')}
  >
    <p>{t('username:sent.next')}</p>
    <Link to={paths.login} class="button">
      {t('username:sent.logIn')}
    </Link>
    <p>
      <Link to={paths.reset} class="way">
        {t('username:sent.forgotPassword')}
      </Link>
    </p>
    <details class="details">
      <summary>{t('username:sent.helpTitle')}</summary>
      <p class="small">{t('username:sent.help')}</p>
    </details>
    <div>
      <Button kind="text" onPress={() => flow.replace({ step: 'ask' })}>
        {t('username:sent.change')}
      </Button>
    </div>
  </Page>
);
