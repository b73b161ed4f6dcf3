import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import type { Failure } from '../../state/failure.ts';
import { Link } from '../../ui/link.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { ForgotPassword } from './forgot-password.tsx';

export const ForgotUsername = () => (
  <Link to={paths.username} class="way">
    {t('login:forgotUsername')}
  </Link>
);

interface LoginFailureProps {
  readonly failure: Failure | undefined;
  /** The username that was typed, or nothing. */
  readonly username: string;
  readonly onRetry: () => Promise<void>;
}

/** Limits that a new password does not help against. */
const notOfTheName = ['address', 'national-id', 'service'];

/** Why a login failed, and the ways that help. */
export function LoginFailure({ failure, username, onRetry }: LoginFailureProps) {
  const { kind, problem } = failure ?? {};
  const limit = problem?.limit;
  // A reset sets a new password with attempts of its own: it helps before the wait is over, too.
  const isFull = kind === 'too_many_requests' && !notOfTheName.includes(limit ?? '');
  const resetHelps = kind === 'credentials_incorrect' || isFull;
  const isExplained = limit === 'account' || limit === 'address' || limit === 'national-id';
  return (
    <FailureNotice failure={failure} onRetry={onRetry}>
      {isExplained && <p>{t(`login:limit.${limit}`)}</p>}
      {resetHelps && <ForgotPassword username={username} />}
      {limit === 'national-id' && <ForgotUsername />}
    </FailureNotice>
  );
}
