import './texts.ts';
import './home.css';
import { type Path, paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { Link } from '../../ui/link.tsx';
import { Page } from '../../ui/page.tsx';
import { RowLink } from '../../ui/row-link.tsx';

export default function Home() {
  return (
    <div class="home">
      <Page
        title={t('pages:home.title')}
        windowTitle={t('pages:home.short')}
        lead={t('pages:home.lead')}
      >
        <nav aria-label={t('mainLinks')}>
          <Door to={paths.login} name={t('logIn')} about={t('pages:home.logIn')} first />
          <Door to={paths.register} name={t('openAccount')} about={t('pages:home.openAccount')} />
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

interface DoorProps {
  readonly to: Path;
  readonly name: string;
  readonly about: string;
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
