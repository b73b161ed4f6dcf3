import './texts.ts';
import './home.css';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { type Path, paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { findSession, session } from '../../state/session.ts';
import { Link } from '../../ui/link.tsx';
import { Page } from '../../ui/page.tsx';
import { RowLink } from '../../ui/row-link.tsx';
import { useAccount } from '../account/account-state.ts';

export default function Home() {
  return (
    <div class="home">
      <Page
        title={t('pages:home.title')}
        windowTitle={t('pages:home.short')}
        lead={t('pages:home.lead')}
      >
        <nav aria-label={t('mainLinks')}>
          {useIsLoggedIn() ? <AccountDoor /> : <Doors />}
          <p class="home__forgot">
            <Link to={paths.reset}>{t('pages:home.forgot')}</Link>
          </p>
        </nav>
      </Page>
      <div class="home__beside">
        <section>
          <h2>{t('pages:home.whatTitle')}</h2>
          <ul class="home__facts">
            <li>{t('pages:home.what')}</li>
            <li>{t('pages:home.whatCode')}</li>
            <li>{t('pages:home.whatNever')}</li>
          </ul>
        </section>
        <section class="home__help">
          <h2>{t('pages:home.helpTitle')}</h2>
          <p>{t('pages:home.help')}</p>
          <p>
            <a href="tel:937">{t('call')}</a>
          </p>
          <p>
            <Link to={paths.help}>{t('help')}</Link>
          </p>
        </section>
      </div>
    </div>
  );
}

/** Asks once a page load whether this browser has a session. The first screen in the HTML file is that of a stranger. */
function useIsLoggedIn(): boolean {
  useEffect(() => {
    // Without an answer the page stays as it is: its links ask again.
    if (session.peek() === 'unknown') findSession().catch(() => {});
  }, []);
  return session.value === 'in';
}

const Doors = () => (
  <>
    <Door to={paths.login} name={t('logIn')} about={t('pages:home.logIn')} first />
    <Door to={paths.register} name={t('openAccount')} about={t('pages:home.openAccount')} />
  </>
);

/** Says whose account is open, so that a person who shares the browser sees it. */
function AccountDoor() {
  const known = useAccount().account.value;
  return (
    <Door
      to={paths.account}
      name={t('toAccount')}
      about={
        known && (
          <>
            {t('pages:home.loggedInAs')}{' '}
            <span class="ltr" translate={false}>
              {known.username}
            </span>
          </>
        )
      }
      first
    />
  );
}

interface DoorProps {
  readonly to: Path;
  readonly name: string;
  readonly about: ComponentChildren;
  readonly first?: boolean;
}

/** A large link to one of the main tasks. */
const Door = ({ to, name, about, first }: DoorProps) => (
  <RowLink
    to={to}
    block="door"
    class={first ? 'door door--first' : 'door'}
    name={name}
    about={about}
  />
);
