import './contact-texts.ts';
import { t } from '../../i18n/index.ts';
import { type SiteConfig, useSiteConfig } from '../../state/site-config.ts';
import { LoadingMessage } from '../../ui/loading.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';

const reasons = ['health', 'poison', 'follow', 'complain'] as const;

export default function Contact() {
  const site = useSiteConfig();
  return (
    <Page title={t('contact')} lead={t('contact:lead')}>
      {site === undefined && <LoadingMessage />}
      {site === 'failed' && <Notice tone="warn">{t('contact:failed')}</Notice>}
      {typeof site === 'object' && <ContactDetails {...site.contact} />}
    </Page>
  );
}

const ContactDetails = ({ phone, email, x }: SiteConfig['contact']) => (
  <div class="stack-wide">
    <section class="stack">
      <h2>{t('contact:callTitle')}</h2>
      <a class="button" href={`tel:${phone}`}>
        {t('contact:call', { number: phone })}
      </a>
      <p>{t('contact:callFor')}</p>
      <ul class="points">
        {reasons.map((reason) => (
          <li key={reason}>{t(`contact:reasons.${reason}`)}</li>
        ))}
      </ul>
    </section>
    <section>
      <h2>{t('contact:emailTitle')}</h2>
      <a class="way ltr" translate={false} href={`mailto:${email}`}>
        {email}
      </a>
    </section>
    <section>
      <h2>{t('contact:xTitle')}</h2>
      <a class="way ltr" translate={false} href={x} rel="noopener noreferrer">
        {x.replace(/^https:\/\//, '')}
      </a>
    </section>
  </div>
);
