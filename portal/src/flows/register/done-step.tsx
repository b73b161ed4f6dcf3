import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { entryOf } from '../../state/flow.ts';
import { session } from '../../state/session.ts';
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
        {t('register:done.lead')}{' '}
        <strong class="ltr" translate={false}>
          {username}
        </strong>
      </>
    }
  >
    {session.value === 'in' ? <ToAccount /> : <ToLogin username={username} />}
  </Page>
);

const ToAccount = () => (
  <>
    <p>{t('register:done.loggedIn')}</p>
    <Link to={paths.account} class="button">
      {t('toAccount')}
    </Link>
  </>
);

const ToLogin = ({ username }: { readonly username: string }) => (
  <>
    <p>{t('register:done.next')}</p>
    <Link
      to={paths.login}
      class="button"
      state={entryOf(paths.login, { step: 'password', username })}
    >
      {t('logIn')}
    </Link>
  </>
);
