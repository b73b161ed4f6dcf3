import './texts.ts';
import './idle-warning.css';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { announce } from '../../state/announce.ts';
import { replace } from '../../state/router.ts';
import { logOut } from '../../state/session.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { Countdown, useSecondsUntil } from '../../ui/countdown.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { endingSession, stay, watchIdle } from './watch-idle.ts';

watchIdle();

/** Asks, two minutes before the session ends, whether the person is still here. Nothing else of the page changes. */
export default function IdleWarning() {
  const until = endingSession.value;
  return until === undefined ? null : <Warning until={until} />;
}

/** A number of seconds at which screen readers say it once more. */
const SOON = 30;

function Warning({ until }: { readonly until: string }) {
  const id = useId();
  const seconds = useSecondsUntil(until);
  const keep = useTask(async () => {
    if (await stay()) announce(t('idle:stayed'));
  });
  const box = useFocusInside();
  const isSoon = seconds.value <= SOON;
  return (
    <div class="idle">
      <div
        ref={box}
        class="idle__box"
        role="alertdialog"
        aria-modal="true"
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-text`}
        tabIndex={-1}
        onKeyDown={({ key }) => {
          if (key === 'Escape') keep.run(undefined);
        }}
      >
        <h2 id={`${id}-title`}>{t('idle:title')}</h2>
        <p id={`${id}-text`}>
          {t('idle:lead')} <Countdown seconds={seconds} />
        </p>
        <FailureNotice failure={keep.failure.value} />
        <div class="idle__answers">
          <Button busy={keep.busy.value} onPress={() => keep.run(undefined)}>
            {t('idle:stay')}
          </Button>
          <Button kind="second" onPress={leave}>
            {t('idle:leave')}
          </Button>
        </div>
        <p class="unseen" role="status">
          {isSoon && t('idle:soon')}
        </p>
      </div>
    </div>
  );
}

function leave(): void {
  replace(paths.home);
  logOut().catch(() => {});
}

/** Moves the focus into the dialog, keeps it there, and brings it back to where the person was. */
function useFocusInside() {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    box.current?.focus();
    const bring = ({ target }: FocusEvent) => {
      const inside = box.current?.contains(target as Node);
      if (!inside) box.current?.querySelector('button')?.focus();
    };
    document.addEventListener('focusin', bring);
    return () => {
      document.removeEventListener('focusin', bring);
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return box;
}
