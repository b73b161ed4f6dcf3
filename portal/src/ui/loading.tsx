import { t } from '../i18n/index.ts';

export const Spinner = () => <span class="spinner" aria-hidden="true" />;

/** Stands in for content that is loading. */
export const LoadingMessage = () => (
  <p class="waiting" role="status">
    <Spinner />
    {t('loading')}
  </p>
);
