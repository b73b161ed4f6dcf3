import './texts.ts';
import './account.css';
import type { ComponentChildren, ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Path } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { redirectToLogin } from '../../state/login-redirect.ts';
import { entry } from '../../state/router.ts';
import { client, findSession, type SessionState, session } from '../../state/session.ts';
import { useTask } from '../../state/task.ts';
import { LoadingMessage } from '../../ui/loading.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { LogOutPage, logOutProgress } from './log-out.tsx';

/** Makes a page that needs a session. It renders only once the session is confirmed, and disappears when it ends. */
export const requireLogin = (Protected: ComponentType): ComponentType =>
  function LoginRequired() {
    return (
      <RequireLogin>
        <Protected />
      </RequireLogin>
    );
  };

/**
 * Renders its children while there is a session. Without one it redirects to the login, which says why a session ended and
 * leads back here.
 */
export function RequireLogin({ children }: { readonly children: ComponentChildren }) {
  const state = session.value;
  const find = useTask(findSession);
  const loggingOut = logOutProgress.value !== undefined;
  useEffect(() => {
    if (state === 'unknown') find.run(undefined);
    if (isOver(state) && !loggingOut) redirectToLogin(here());
  }, [state, loggingOut, find]);
  useCheckOnReturn();

  if (state === 'in') return children;
  if (loggingOut) return <LogOutPage />;
  const failure = find.failure.value;
  if (!failure) return <LoadingMessage />;
  return (
    <Page title={t('myAccount')}>
      <FailureNotice failure={failure} onRetry={() => find.run(undefined)} />
    </Page>
  );
}

const isOver = (state: SessionState) => state === 'out' || state === 'ended';

const here = (): Path => entry.peek().path as Path;

/** The shortest time between two checks. */
const CHECK_EVERY_MS = 30_000;

/** Checks the session when the person returns to the tab, so that its end shows at once and not at the next press. */
function useCheckOnReturn(): void {
  useEffect(() => {
    let checkedAt = performance.now();
    const check = () => {
      const due = performance.now() - checkedAt > CHECK_EVERY_MS;
      if (document.visibilityState !== 'visible' || session.peek() !== 'in' || !due) return;
      checkedAt = performance.now();
      // List the sessions: an access token can read the account for minutes after its session has ended.
      // Only a refusal matters, and the client reports it through `onSessionEnded`.
      client.listSessions().catch(() => {});
    };
    document.addEventListener('visibilitychange', check);
    return () => document.removeEventListener('visibilitychange', check);
  }, []);
}
