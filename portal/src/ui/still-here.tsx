import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { keptSession, session } from '../state/session.ts';

const warning = signal<ComponentType | undefined>(undefined);

/** WCAG 2.2.1 needs no warning before an end that is so far away. Such a session is on the person's own device. */
const FAR_SECONDS = 20 * 3600;

/** On a shared device: the warning before a session ends that nobody uses. Its script loads with such a session. */
export function StillHere() {
  const isSoon = (keptSession.value?.idleSeconds ?? FAR_SECONDS) < FAR_SECONDS;
  const isWatched = session.value === 'in' && isSoon;
  useEffect(() => {
    if (!isWatched || warning.peek()) return;
    import('../flows/idle/idle-warning.tsx').then(
      (loaded) => {
        warning.value = loaded.default;
      },
      () => {},
    );
  }, [isWatched]);
  const Warning = warning.value;
  return isWatched && Warning ? <Warning /> : null;
}
