import { type Path, paths } from '../../../paths.ts';
import { day, leftToRight, t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Link } from '../../ui/link.tsx';
import { Page } from '../../ui/page.tsx';
import { AcceptTerms } from './accept-terms.tsx';
import type { Account } from './account-state.ts';
import { leave } from './log-out.tsx';
import { requireLogin } from './require-login.tsx';
import { WithAccount } from './with-account.tsx';

/** What the account is, and the ways to everything one can do to it. */
export default requireLogin(() => (
  <Page title={t('myAccount')}>
    <div class="stack-wide">
      <WithAccount>{(account) => <Overview account={account} />}</WithAccount>
      <Button kind="second" onPress={leave}>
        {t('account:logOut')}
      </Button>
    </div>
  </Page>
));

const Overview = ({ account }: { readonly account: Account }) => (
  <div class="stack-wide">
    <AcceptTerms outdated={account.termsOutdated} />
    <Facts account={account} />
    <Ways name={t('account:safety')}>
      <Way to={paths.password} name={t('account:ways.password')} />
      <Way
        to={paths.phone}
        name={t('account:ways.phone')}
        about={<span class="ltr">{account.phone}</span>}
      />
      <Way
        to={paths.authenticator}
        name={t('account:ways.authenticator')}
        about={aboutFactors(account)}
      />
      <Way
        to={paths.sessions}
        name={t('account:ways.sessions')}
        about={t('account:ways.sessionsAbout')}
      />
    </Ways>
    <Ways name={t('account:data')}>
      <Way to={paths.export} name={t('account:ways.export')} />
      <Way to={paths.close} name={t('account:ways.close')} />
    </Ways>
  </div>
);

function Facts({ account }: { readonly account: Account }) {
  const facts = [
    { name: t('account:facts.username'), value: account.username, ltr: true },
    { name: t('account:facts.nationalId'), value: account.nationalId, ltr: true },
    { name: t('account:facts.opened'), value: day(account.createdAt) },
    {
      name: t('account:facts.terms'),
      value: t('account:facts.version', { version: leftToRight(account.termsVersion) }),
    },
  ];
  return (
    <dl class="facts">
      {facts.map(({ name, value, ltr }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{ltr ? <span class="ltr">{value}</span> : value}</dd>
        </div>
      ))}
    </dl>
  );
}

function aboutFactors({ secondFactors: { totp, recoveryCodesLeft } }: Account): string {
  if (!totp) return t('account:factors.smsOnly');
  return `${t('account:factors.app')} ${t('account:factors.codes', { count: recoveryCodesLeft })}`;
}

interface WaysProps {
  readonly name: string;
  readonly children: preact.ComponentChildren;
}

const Ways = ({ name, children }: WaysProps) => (
  <section>
    <h2>{name}</h2>
    <ul class="ways">{children}</ul>
  </section>
);

interface WayProps {
  readonly to: Path;
  readonly name: string;
  readonly about?: preact.ComponentChildren;
}

const Way = ({ to, name, about }: WayProps) => (
  <li>
    <Link to={to} class="ways__link">
      <span>
        <span class="ways__name">{name}</span>
        {about && <span class="ways__about">{about}</span>}
      </span>
      <svg
        class="ways__arrow"
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        aria-hidden="true"
      >
        <path d="m9 5 7 7-7 7" />
      </svg>
    </Link>
  </li>
);
