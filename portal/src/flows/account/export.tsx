import { useSignal } from '@preact/signals';
import { t } from '../../i18n/index.ts';
import { markFinished } from '../../state/finished-flow.ts';
import { client } from '../../state/session.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice, Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { BackToAccount } from './back-to-account.tsx';
import { requireLogin } from './require-login.tsx';
import { saveFile } from './save-file.ts';

const parts = ['account', 'consents', 'sessions', 'events'] as const;

/** Saves everything that Hawiya keeps about the person as a file. */
export default requireLogin(() => {
  const saved = useSignal(false);
  const save = useTask(async () => {
    // Hide the notice of an earlier file: it must not stand beside a failure of this one.
    saved.value = false;
    const data = await client.exportAccount();
    const day = data.exportedAt.slice(0, 10);
    saveFile(`hawiya-${day}.json`, 'application/json', JSON.stringify(data, null, 2));
    saved.value = true;
    markFinished('export');
  });
  return (
    <Page title={t('account:export.title')} lead={t('account:export.lead')}>
      <ul class="points">
        {parts.map((part) => (
          <li key={part}>{t(`account:export.parts.${part}`)}</li>
        ))}
      </ul>
      <p>{t('account:export.not')}</p>
      <FailureNotice failure={save.failure.value} onRetry={() => save.run(undefined)} />
      {saved.value && (
        <Notice tone="good" title={t('account:export.saved')} urgent>
          <p>{t('account:export.careful')}</p>
        </Notice>
      )}
      <Button busy={save.busy.value} onPress={() => save.run(undefined)}>
        {t('account:export.save')}
      </Button>
      <BackToAccount />
    </Page>
  );
});
