import { useMemo } from 'preact/hooks';
import { isProblem } from '../../../../client/src/index.ts';
import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { isTransient } from '../../state/failure.ts';
import { client, logOut } from '../../state/session.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { Link } from '../../ui/link.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { flow, progress, startAgain } from './close-steps.ts';
import { trackLostAnswer } from './current-password-form.tsx';

/** The code was right. What cannot be undone is done by a press of its own, and not by a pasted SMS. */
export function CloseConfirmStep({ ticket }: { readonly ticket: string }) {
  const loss = useMemo(trackLostAnswer, []);
  const close = useTask(async () => {
    try {
      await loss.over(client.completeClosing({ ticket }));
    } catch (error) {
      // Its session is deleted with the account: it was closed, and only the answer was lost.
      if (!loss.was() || !isProblem(error, 'unauthenticated')) throw error;
    }
    // The cookie opens nothing any more; without a network it stays, as empty as it is.
    const left = logOut().catch(() => {});
    // After the visit has ended with the session: of the old one, this step would be nobody's.
    flow.replace({ step: 'done' });
    await left;
  });
  const failure = close.failure.value;
  return (
    <Page
      title={t('account:close.lastTitle')}
      windowTitle={t('account:close.title')}
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
