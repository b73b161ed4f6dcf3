import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { entryOf } from '../../state/flow.ts';
import { Link } from '../../ui/link.tsx';

/** Leads to the reset, with the username that was typed. */
export const ForgotPassword = ({ username }: { readonly username: string }) => (
  <Link to={paths.reset} class="way" state={entryOf(paths.reset, { step: 'who', username })}>
    {t('login:forgot')}
  </Link>
);
