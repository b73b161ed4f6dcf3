import './texts.ts';
import './account.css';
import type { ComponentChildren, ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { type Path, paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { redirectToLogin } from '../../state/login-redirect.ts';
import { entry } from '../../state/router.ts';
import { client, findSession, session } from '../../state/session.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { Link } from '../../ui/link.tsx';
import { FailureNotice, Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { LoadingMessage } from '../../ui/spinner.tsx';
import { LoggedOut, logOutProgress } from './log-out.tsx';

/** A page of somebody who is logged in: it is not drawn before that is known, and is gone as soon as it is over. */
export const requireLogin = (Inner: ComponentType): ComponentType =>
  function Guarded() {
    return (
      <RequireLogin>
        <Inner />
      </RequireLogin>
    );
  };

export function RequireLogin({ children }: { readonly children: ComponentChildren }) {
  const state = session.value;
  const find = useTask(findSession);
  const left = logOutProgress.value !== undefined;
  useEffect(() => {
    if (state === 'unknown') find.run(undefined);
    if (state === 'out' && !left) redirectToLogin(here());
  }, [state, left, find]);
  useLookOnReturn();

  if (state === 'in') return children;
  if (state === 'ended') return <Ended />;
  if (left) return <LoggedOut />;
  const failure = find.failure.value;
  if (!failure) return <LoadingMessage />;
  return (
    <Page title={t('myAccount')}>
      <FailureNotice failure={failure} onRetry={() => find.run(undefined)} />
    </Page>
  );
}

const here = (): Path => entry.peek().path as Path;

/** In another tab, from another device, by a reset: nothing of the account stays on the screen. */
const Ended = () => (
  <Page key="ended" title={t('account:ended.title')}>
    <Notice tone="warn" urgent>
      <p>{t('account:ended.why')}</p>
    </Notice>
    <Button onPress={() => redirectToLogin(here())}>{t('logIn')}</Button>
    <p>
      {t('account:ended.notYou')} <Link to={paths.reset}>{t('account:ended.reset')}</Link>
    </p>
  </Page>
);

/** Milliseconds between two looks. */
const patience = 30_000;

/** Who comes back to the tab is told at once that its session was ended meanwhile, and not at the next press of a button. */
function useLookOnReturn(): void {
  useEffect(() => {
    let last = performance.now();
    const look = () => {
      const due = performance.now() - last > patience;
      if (document.visibilityState !== 'visible' || session.peek() !== 'in' || !due) return;
      last = performance.now();
      // Not the account, which an access token reads for minutes after its session. Only a refusal matters, and the client
      // says that itself.
      client.listSessions().catch(() => {});
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
}
