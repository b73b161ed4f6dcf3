import { effect, signal } from '@preact/signals';
import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { type Failure, readFailure } from '../../state/failure.ts';
import { replace } from '../../state/router.ts';
import { logOut, session } from '../../state/session.ts';
import { Button } from '../../ui/button.tsx';
import { Link } from '../../ui/link.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';

/** The state of a log-out: running, done, or failed. Undefined if none was started. */
export const logOutProgress = signal<'underway' | 'done' | Failure | undefined>(undefined);

effect(() => {
  if (session.value === 'in') logOutProgress.value = undefined;
});

/** Hides the account at once. The page then shows how the server answered. */
export async function startLogOut(): Promise<void> {
  logOutProgress.value = 'underway';
  replace(paths.account);
  try {
    await logOut();
    logOutProgress.value = 'done';
  } catch (error) {
    logOutProgress.value = readFailure(error);
  }
}

/** Replaces the page from which the person logged out. */
export function LogOutPage() {
  const state = logOutProgress.value;
  if (typeof state === 'object') {
    return (
      <Page key="not-left" title={t('account:left.unsure')}>
        <Notice tone="warn" urgent>
          <p>{t('account:left.unsureText')}</p>
        </Notice>
        <Button onPress={startLogOut}>{t('account:left.again')}</Button>
      </Page>
    );
  }
  return (
    <Page
      key={state}
      title={t(state === 'underway' ? 'account:left.underway' : 'account:left.title')}
      lead={state === 'done' && t('account:left.text')}
    >
      {state === 'done' && (
        <>
          <Link to={paths.login} class="button">
            {t('account:left.logIn')}
          </Link>
          <p>
            <Link to={paths.home}>{t('account:left.home')}</Link>
          </p>
        </>
      )}
    </Page>
  );
}
