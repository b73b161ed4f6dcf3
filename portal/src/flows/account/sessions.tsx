import { useSignal } from '@preact/signals';
import { type Answer, isProblem } from '../../../../client/src/index.ts';
import { formatDayAndTime } from '../../i18n/dates.ts';
import { language, t } from '../../i18n/index.ts';
import { client } from '../../state/session.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { LoadingMessage } from '../../ui/loading.tsx';
import { FailureNotice, Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { BackToAccount } from './back-to-account.tsx';
import { startLogOut } from './log-out.tsx';
import { requireLogin } from './require-login.tsx';
import { useLoaded } from './use-loaded.ts';

type Session = Answer<'listSessions'>['sessions'][number];

/** Lists the sessions of the account, and ends them. */
export default requireLogin(() => {
  const { value, failure, again } = useLoaded(() => client.listSessions());
  const ended = useSignal(0);
  const end = useTask(async (id: string | undefined) => {
    if (id) await client.endSession({ id }).catch(unlessEnded);
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
            <SessionRow
              key={one.id}
              session={one}
              busy={end.busy.value}
              onEnd={() => end.run(one.id)}
            />
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

/** Handles a session that is already over: that is what the person wanted. */
function unlessEnded(error: unknown): void {
  if (!isProblem(error, 'not_found')) throw error;
}

interface SessionRowProps {
  readonly session: Session;
  readonly busy: boolean;
  readonly onEnd: () => void;
}

function SessionRow({ session, busy, onEnd }: SessionRowProps) {
  const { device, place, createdAt, lastUsedAt, current } = session;
  const name =
    device === 'Unknown' ? (
      t('account:sessions.unknown')
    ) : (
      <span class="ltr" translate={false}>
        {device}
      </span>
    );
  return (
    <li>
      <div>
        <h2 class="sessions__name">{name}</h2>
        {current && <p class="sessions__this">{t('account:sessions.this')}</p>}
        <p class="small soft">
          {place && `${country(place)} · `}
          {t('account:sessions.used', { when: formatDayAndTime(lastUsedAt) })}
        </p>
        <p class="small soft">
          {t('account:sessions.opened', { when: formatDayAndTime(createdAt) })}
        </p>
      </div>
      {current ? (
        <Button kind="text" onPress={startLogOut}>
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

/** The name of a country in the page's language: `Saudi Arabia`. @param code ISO 3166-1 alpha-2 */
const country = (code: string): string =>
  new Intl.DisplayNames(language.value, { type: 'region' }).of(code) ?? code;
