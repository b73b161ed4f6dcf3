import { t } from '../i18n/index.ts';

export const Spinner = () => <span class="spinner" aria-hidden="true" />;

/** In the place of what is being fetched. */
export const LoadingMessage = () => (
  <p class="waiting" role="status">
    <Spinner />
    {t('loading')}
  </p>
);
