import type { ComponentChildren } from 'preact';
import { paths } from '../../../paths.ts';
import { formatDay } from '../../i18n/dates.ts';
import { leftToRight, t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { RowLink, type RowLinkProps } from '../../ui/row-link.tsx';
import { AcceptTerms } from './accept-terms.tsx';
import type { Account } from './account-state.ts';
import { startLogOut } from './log-out.tsx';
import { requireLogin } from './require-login.tsx';
import { WithAccount } from './with-account.tsx';

/** Shows the account, and links to every page that changes it. */
export default requireLogin(() => (
  <Page title={t('myAccount')}>
    <div class="stack-wide">
      <WithAccount>{(account) => <Overview account={account} />}</WithAccount>
      <Button kind="second" onPress={startLogOut}>
        {t('account:logOut')}
      </Button>
    </div>
  </Page>
));

const Overview = ({ account }: { readonly account: Account }) => (
  <div class="stack-wide">
    <AcceptTerms outdated={account.termsOutdated} />
    <Facts account={account} />
    <Links title={t('account:safety')}>
      <PageLink to={paths.password} name={t('account:ways.password')} />
      <PageLink
        to={paths.phone}
        name={t('account:ways.phone')}
        about={
          <span class="ltr" translate={false}>
            {account.phone}
          </span>
        }
      />
      <PageLink
        to={paths.authenticator}
        name={t('account:ways.authenticator')}
        about={aboutFactors(account)}
      />
      <PageLink
        to={paths.sessions}
        name={t('account:ways.sessions')}
        about={t('account:ways.sessionsAbout')}
      />
    </Links>
    <Links title={t('account:data')}>
      <PageLink to={paths.export} name={t('account:ways.export')} />
      <PageLink to={paths.close} name={t('account:ways.close')} />
    </Links>
  </div>
);

function Facts({ account }: { readonly account: Account }) {
  const facts = [
    { name: t('account:facts.username'), value: account.username, ltr: true },
    { name: t('account:facts.nationalId'), value: account.nationalId, ltr: true },
    { name: t('account:facts.opened'), value: formatDay(account.createdAt) },
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
          <dd>
            {ltr ? (
              <span class="ltr" translate={false}>
                {value}
              </span>
            ) : (
              value
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function aboutFactors({ secondFactors: { totp, recoveryCodesLeft } }: Account): string {
  if (!totp) return t('account:factors.smsOnly');
  return `${t('account:factors.app')} ${t('account:factors.codes', { count: recoveryCodesLeft })}`;
}

interface LinksProps {
  readonly title: string;
  readonly children: ComponentChildren;
}

const Links = ({ title, children }: LinksProps) => (
  <section>
    <h2>{title}</h2>
    <ul class="ways">{children}</ul>
  </section>
);

const PageLink = (props: Pick<RowLinkProps, 'to' | 'name' | 'about'>) => (
  <li>
    <RowLink {...props} block="ways" class="ways__link" />
  </li>
);
