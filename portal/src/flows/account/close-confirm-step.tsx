import { useMemo } from 'preact/hooks';
import { isProblem } from '../../../../client/src/index.ts';
import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { isTransient } from '../../state/failure.ts';
import { markFinished } from '../../state/finished-flow.ts';
import { client, logOut } from '../../state/session.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { Link } from '../../ui/link.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { flow, progress, startAgain } from './close-steps.ts';
import { trackLostAnswer } from './lost-answer.ts';

/** The last step after the code: closing cannot be undone, so it needs a press of its own, not only a pasted SMS. */
export function CloseConfirmStep({ ticket }: { readonly ticket: string }) {
  const answer = useMemo(trackLostAnswer, []);
  const close = useTask(async () => {
    try {
      await answer.watch(client.completeClosing({ ticket }));
    } catch (error) {
      // If an earlier answer was lost, the account may be closed, and its session is deleted with it.
      if (!answer.wasLost() || !isProblem(error, 'unauthenticated')) throw error;
    }
    // The cookie is worthless now. If the network fails, it stays in the browser and does no harm.
    const loggedOut = logOut().catch(() => {});
    // After `logOut`, which starts a new visit: an entry of the old visit would be unreadable.
    flow.replace({ step: 'done' });
    markFinished('closing');
    await loggedOut;
  });
  const failure = close.failure.value;
  return (
    <Page
      title={t('account:close.lastTitle')}
      flowTitle={t('account:close.title')}
      lead={t('account:close.lastText')}
      steps={progress('last')}
    >
      <FailureNotice failure={failure} onRetry={() => close.run(undefined)}>
        {failure && isTransient(failure) && <p>{t('account:close.halfway')}</p>}
        {failure?.kind === 'ticket_invalid' && (
          <Button onPress={startAgain}>{t('startAgain')}</Button>
        )}
      </FailureNotice>
      <Button kind="danger" busy={close.busy.value} onPress={() => close.run(undefined)}>
        {t('account:close.close')}
      </Button>
      <p>
        <Link to={paths.account}>{t('account:close.keep')}</Link>
      </p>
    </Page>
  );
}
