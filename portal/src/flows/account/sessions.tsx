import { useSignal } from '@preact/signals';
import type { Answer } from '../../../../client/src/index.ts';
import { isProblem } from '../../../../client/src/index.ts';
import { language, moment, t } from '../../i18n/index.ts';
import { client } from '../../state/session.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice, Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { LoadingMessage } from '../../ui/spinner.tsx';
import { BackToAccount } from './back-to-account.tsx';
import { leave } from './log-out.tsx';
import { requireLogin } from './require-login.tsx';
import { useLoaded } from './use-loaded.ts';

type Session = Answer<'listSessions'>['sessions'][number];

/** Where the person is logged in, and ending it there. */
export default requireLogin(() => {
  const { value, failure, again } = useLoaded(() => client.listSessions());
  const ended = useSignal(0);
  const end = useTask(async (id: string | undefined) => {
    if (id) await client.endSession({ id }).catch(unlessOver);
    else await client.endOtherSessions();
    await again();
    ended.value += 1;
  });
  const sessions = value.value?.sessions;
  const others = sessions?.filter(({ current }) => !current) ?? [];
  return (
    <Page title={t('account:sessions.title')} lead={t('account:sessions.lead')}>
      <FailureNotice failure={failure.value} onRetry={again} />
      <FailureNotice failure={end.failure.value}>
        <Button kind="text" onPress={again}>
          {t('account:sessions.look')}
        </Button>
      </FailureNotice>
      {ended.value > 0 && (
        <Notice key={ended.value} tone="good" title={t('account:sessions.ended')} urgent />
      )}
      {!sessions && !failure.value && <LoadingMessage />}
      {sessions && (
        <ul class="sessions">
          {sessions.map((one) => (
            <Row key={one.id} session={one} busy={end.busy.value} onEnd={() => end.run(one.id)} />
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <Button kind="danger" busy={end.busy.value} onPress={() => end.run(undefined)}>
          {t('account:sessions.endOthers')}
        </Button>
      )}
      {sessions && others.length === 0 && <p>{t('account:sessions.alone')}</p>}
      <p class="small soft">{t('account:sessions.strange')}</p>
      <BackToAccount />
    </Page>
  );
});

/** It was ended already: what was wanted is so. */
function unlessOver(error: unknown): void {
  if (!isProblem(error, 'not_found')) throw error;
}

interface RowProps {
  readonly session: Session;
  readonly busy: boolean;
  readonly onEnd: () => void;
}

function Row({ session, busy, onEnd }: RowProps) {
  const { device, place, createdAt, lastUsedAt, current } = session;
  const name =
    device === 'Unknown' ? t('account:sessions.unknown') : <span class="ltr">{device}</span>;
  return (
    <li>
      <div>
        <h2 class="sessions__name">{name}</h2>
        {current && <p class="sessions__this">{t('account:sessions.this')}</p>}
        <p class="small soft">
          {place && `${country(place)} · `}
          {t('account:sessions.used', { when: moment(lastUsedAt) })}
        </p>
        <p class="small soft">{t('account:sessions.opened', { when: moment(createdAt) })}</p>
      </div>
      {current ? (
        <Button kind="text" onPress={leave}>
          {t('account:logOut')}
        </Button>
      ) : (
        <Button kind="text" busy={busy} onPress={onEnd}>
          <span>
            {t('account:sessions.end')} <span class="unseen">{name}</span>
          </span>
        </Button>
      )}
    </li>
  );
}

/** `Saudi Arabia`. @param code ISO 3166-1 alpha-2 */
const country = (code: string): string =>
  new Intl.DisplayNames(language.value, { type: 'region' }).of(code) ?? code;
