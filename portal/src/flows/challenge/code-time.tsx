import { useEffect } from 'preact/hooks';
import { t } from '../../i18n/index.ts';
import { announce } from '../../state/announce.ts';
import { Button } from '../../ui/button.tsx';
import { Countdown, useSecondsUntil } from '../../ui/countdown.tsx';
import { Notice } from '../../ui/notice.tsx';
import type { Challenge } from './challenge.ts';

/** Seconds that are left when a screen reader says so once. */
const SOON = 60;

interface CodeTimeProps {
  readonly challenge: Challenge;
  readonly onRestart: () => void;
}

/** Says how long the code is valid (WCAG 2.2.1), and what to do when it has run out. */
export function CodeTime({ challenge, onRestart }: CodeTimeProps) {
  const seconds = useSecondsUntil(challenge.expiresAt);
  const isSoon = seconds.value <= SOON;
  const isOver = seconds.value === 0;
  useEffect(() => {
    if (isOver) announce(t('code.over'), 'assertive');
    else if (isSoon) announce(t('code.minuteLeft'));
  }, [isSoon, isOver]);
  if (!isOver) {
    return (
      <p class="soft">
        {t('code.validFor')} <Countdown seconds={seconds} />
      </p>
    );
  }
  return (
    <Notice tone="warn" title={t('code.over')}>
      <p>{t('code.overText')}</p>
      <Button onPress={onRestart}>{t('startAgain')}</Button>
    </Notice>
  );
}
